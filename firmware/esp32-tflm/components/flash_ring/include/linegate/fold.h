// Rows that were overwritten before a receiver had them: which, how many of each name, and the hashes around them.
// Threads: plain data.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/outbox.h"

namespace linegate {

struct Fold {
  // Rows `from` to `to`; 0 when there is no fold.
  uint64_t from;
  uint64_t to;
  // Of the row before `from`; all zero when that is row 0.
  uint8_t before[kRowHashBytes];
  // Of the row `to`.
  uint8_t hash[kRowHashBytes];
  RowCount counts[kMostCounts];
  size_t count_of_counts;
};

// Counts `rows` more of a name.
void AddToFold(Fold* fold, const char* name, uint32_t rows);

}  // namespace linegate
