// Numbers and chains rows and hands them to the store: agent/core/ledger/head.ts for a board. A part has one row, and
// the first explanation of a number, be it a row or a gap, stays the only one. Threads: the station task alone. Append
// waits for the flash.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/clock.h"
#include "linegate/core/explained.h"
#include "linegate/core/row.h"
#include "linegate/part_reserve.h"
#include "linegate/record_store.h"
#include "linegate/status.h"

namespace linegate {

// The longest payload; the rest of a row takes what is left of kMaxRowBytes.
inline constexpr size_t kMaxPayloadBytes = 1100;
// Each row says that so many numbers above its parts may be in use, as the agent's rows do.
inline constexpr uint64_t kSpareParts = 64;
// So many numbers may be given out between two calls of Use: the reserve is always so far ahead, and moves in steps.
inline constexpr uint64_t kPartsAhead = 128;
inline constexpr uint64_t kReserveStep = 128;

// A row before it has been numbered and chained; as the fields of Row.
struct Entry {
  const char* kind;
  double mono_ms;
  double wall_ms;
  uint64_t part;
  const char* outcome;
  double score;
  const char* recipe;
  const char* payload;
};

class Ledger {
 public:
  Ledger(RecordStore& store, PartReserve& reserve, Clock& clock) : store_(store), reserve_(reserve), clock_(clock) {}

  // Opens the store and begins a session; after anything but a clean end a gap names the part numbers that may be
  // missing. `boot_id`: another one for each boot. The faults of store and reserve as they are; without a store rows
  // are refused, and numbers still begin above the reserve.
  Status Open(const char* boot_id);
  // The first part number that nobody can have used.
  uint64_t FirstPart() const { return first_part_; }
  // Parts up to this number were given out. Call it before the first one and then at least every kPartsAhead: it keeps
  // the reserve ahead of them, whether the store takes rows or not. The reserve's fault: a power cut now may lead to
  // numbers being used again.
  Status Use(uint64_t part);
  // Durable when it returns kOk; kOk as well for a part that is explained already. Otherwise the store's fault: the row
  // is lost, and a gap names its part once the store takes rows again. kIllegalInput: not open.
  Status Append(const Entry& entry);
  // Ends the session on purpose: whatever number has no row by now gets none. No number may be given out after it.
  Status Close();

 private:
  Status Begin(const StoreState& state, const char* boot_id);
  Status Write(const Entry& entry, const Explained& explained);
  Status WriteOwn(const char* kind, const char* outcome, const char* payload, const Explained& explained);
  // `since_wall_ms`: when the last row before the gap was written; null: not known to matter.
  Status WriteGap(uint64_t up_to, const char* reason, const int64_t* since_wall_ms);
  Status MakeRoom(uint64_t part);
  void Lose(uint64_t part);

  RecordStore& store_;
  PartReserve& reserve_;
  Clock& clock_;
  bool open_ = false;
  uint64_t first_part_ = 1;
  // The highest number that was given out, and the durable mark above all of them.
  uint64_t used_ = 0;
  uint64_t reserve_to_ = 0;
  // Of the last row; its numbers of parts are in explained_.
  RowMark mark_ = {};
  Explained explained_;
  Hash hash_ = {};
  // Rows up to this part were lost; 0: none.
  uint64_t lost_to_ = 0;
  char payload_[kMaxPayloadBytes] = {};
  char text_[kMaxRowBytes] = {};
};

}  // namespace linegate
