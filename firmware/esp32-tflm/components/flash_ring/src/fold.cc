#include "linegate/fold.h"

#include <string.h>

#include "bytes.h"

namespace linegate {
namespace {

constexpr char kOther[] = "event other";

RowCount* FindOrAdd(Fold* fold, const char* name, size_t most) {
  for (size_t i = 0; i < fold->count_of_counts; ++i) {
    if (strncmp(fold->counts[i].name, name, sizeof fold->counts[i].name) == 0) return &fold->counts[i];
  }
  if (fold->count_of_counts >= most) return nullptr;
  RowCount* added = &fold->counts[fold->count_of_counts++];
  memset(added, 0, sizeof *added);
  memcpy(added->name, name, TextBytes(name, sizeof added->name - 1));
  return added;
}

}  // namespace

void AddToFold(Fold* fold, const char* name, uint32_t rows) {
  RowCount* count = FindOrAdd(fold, name, kMostCounts - 1);
  // The last place is kept for all names that have none of their own.
  if (count == nullptr) count = FindOrAdd(fold, kOther, kMostCounts);
  if (count != nullptr) count->count += rows;
}

}  // namespace linegate
