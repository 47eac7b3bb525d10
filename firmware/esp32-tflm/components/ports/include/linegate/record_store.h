// Durable rows in their order, until the receiver has them. Beside its text each row carries a mark: what the next boot
// must know to go on behind it. Threads: Append from the station task; State, Read and Acknowledge from the uplink task
// as well: the implementation serialises. Append may wait for the flash; nothing here may be called from an interrupt
// or with the Guard held.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// The longest text of a row, in bytes; core writes none that is longer.
inline constexpr size_t kMaxRowBytes = 1536;
// A UUID with its terminating zero.
inline constexpr size_t kEpochBytes = 37;

// Where the ledger stands after a row; plain data, stored as it is.
struct RowMark {
  uint64_t seq;
  // Number of the boot under which the row was written: 1, 2, 3, ...
  uint32_t session;
  // 1 when that session was ended on purpose with this row.
  uint32_t closed;
  // All parts up to this one are explained by a row or a gap; bit i of `explained_above` says the same of explained_to
  // + 1 + i.
  uint64_t explained_to;
  uint64_t explained_above;
  // No part number above this one was in use when the row was written.
  uint64_t reserved;
  int64_t wall_ms;
  // SHA-256 of the row's chain.
  uint8_t hash[32];
  // Which count of `skip` and `folded` spans the row adds to: `pass`, `event ready`, ...
  char counted_as[32];
};

struct StoreState {
  char epoch[kEpochBytes];
  // False when nothing was ever written under this epoch; then `last` is all zero.
  bool has_rows;
  RowMark last;
  // Seq of the oldest row that is still there; last.seq + 1 when there is none.
  uint64_t first_seq;
  // All rows up to this one are durable at the receiver.
  uint64_t acked_seq;
  // Of 100: how much of the store waits for a receiver. Once it is full each new row costs the oldest ones.
  uint32_t used_percent;
};

class RecordStore {
 public:
  // Finds the durable rows; what a power cut left half written is passed over. A new store makes itself an epoch.
  virtual Status Open() = 0;
  virtual Status State(StoreState* state) = 0;
  // Durable when it returns kOk. `text`: the row as it travels (JSON, core/ledger.h). `mark.seq` follows the last
  // row's. Never kNoSpace: in a full store the oldest rows make room, and are counted where nobody had acknowledged
  // them (linegate/outbox.h). kDeviceFault: the flash fails; it leaves no part of a row.
  virtual Status Append(const RowMark& mark, const char* text, size_t size_bytes) = 0;
  // The text of a row. kNotFound: it was given up, was never there, or is acknowledged and gone; kNoSpace: `capacity`
  // is too small.
  virtual Status Read(uint64_t seq, char* text, size_t capacity, size_t* size_bytes, RowMark* mark) = 0;
  // All rows up to `seq` are durable at the receiver. Losing this costs a repetition, so it may be written with the
  // next row.
  virtual Status Acknowledge(uint64_t seq) = 0;

 protected:
  ~RecordStore() = default;
};

}  // namespace linegate
