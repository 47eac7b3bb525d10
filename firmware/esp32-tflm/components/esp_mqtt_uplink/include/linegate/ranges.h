// A set of numbers in fixed memory: agent/core/ledger/ranges.ts, for as many ranges as a board keeps apart.
// Threads: values.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

// Both ends included.
struct Range {
  uint64_t from;
  uint64_t to;
};

inline constexpr size_t kMostRanges = 16;

// Sorted, disjoint, never touching. Where there is no more room the highest ranges are forgotten.
class Ranges {
 public:
  void Clear() { count_ = 0; }
  void Add(Range added);
  // Takes away all numbers up to `to`.
  void RemoveUpTo(uint64_t to);
  size_t Count() const { return count_; }
  const Range& At(size_t index) const { return ranges_[index]; }
  // 0 for an empty set.
  uint64_t Highest() const { return count_ == 0 ? 0 : ranges_[count_ - 1].to; }
  // Whether a number of `range` is in the set.
  bool Touches(Range range) const;
  // Whether all of them are.
  bool Holds(Range range) const;
  // The first stretch of `range` that is not in the set; false when there is none.
  bool FirstHole(Range range, Range* hole) const;

 private:
  size_t count_ = 0;
  Range ranges_[kMostRanges] = {};
};

}  // namespace linegate
