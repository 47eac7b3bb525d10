// The record store as the place from which rows go out: those that no receiver has made durable yet.
// Threads: from the uplink task; the implementation serialises with the station task, which appends.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/record_store.h"
#include "linegate/status.h"

namespace linegate {

// More names than this are counted together, as `event other`.
inline constexpr size_t kMostCounts = 16;
inline constexpr size_t kRowHashBytes = 32;

struct RowCount {
  char name[sizeof(RowMark::counted_as)];
  uint32_t count;
};

struct OutboxState {
  char epoch[kEpochBytes];
  // Where this epoch branched from another; empty and 0 for the first.
  char parent[kEpochBytes];
  uint64_t parent_seq;
  // The first epoch of the store, on whose name its chain hangs.
  char first_epoch[kEpochBytes];
  uint64_t last_seq;
  // Whether the newest row is a `pass`: all others are not to wait for company.
  bool last_is_pass;
  // Hash of the row last_seq; all zero when there is none yet.
  uint8_t head[kRowHashBytes];
  // All rows up to this one are durable at the receiver.
  uint64_t acked_seq;
};

// A row, or a span of rows that the store no longer has.
struct OutboxItem {
  bool folded;
  uint64_t seq;
  // The last row of a span; `seq` for a row.
  uint64_t to;
  // Of the row, or of the last row of the span.
  uint8_t hash[kRowHashBytes];
  // Of a row: its text, as it was appended.
  size_t text_bytes;
  // Of a span: how many rows of each name; `unknown` where the store does not know.
  RowCount counts[kMostCounts];
  size_t count_of_counts;
};

class Outbox {
 public:
  virtual Status State(OutboxState* state) = 0;
  // The item that holds row `seq`; a span may begin before it. kNotFound: there is no such row yet; kNoSpace:
  // `capacity`.
  virtual Status Item(uint64_t seq, OutboxItem* item, char* text, size_t capacity) = 0;
  // Hash of a row. kNotFound: the store does not know it (any more), and for row 0.
  virtual Status HashAt(uint64_t seq, uint8_t* hash) = 0;
  // All rows up to `seq` are durable at the receiver; a lower one than before takes the word back. Losing it costs a
  // repetition.
  virtual Status Acknowledge(uint64_t seq) = 0;
  // Begins a new epoch after the last acknowledged row, durably: what was not acknowledged goes out under the new name.
  virtual Status Branch() = 0;

 protected:
  ~Outbox() = default;
};

}  // namespace linegate
