#include "linegate/ranges.h"

namespace linegate {

void Ranges::Add(Range added) {
  Range kept[kMostRanges + 1];
  size_t count = 0;
  bool placed = false;
  for (size_t i = 0; i < count_; ++i) {
    const Range& one = ranges_[i];
    if (one.to + 1 < added.from) {
      kept[count++] = one;
    } else if (added.to + 1 < one.from) {
      if (!placed) kept[count++] = added;
      placed = true;
      if (count <= kMostRanges) kept[count++] = one;
    } else {
      if (one.from < added.from) added.from = one.from;
      if (one.to > added.to) added.to = one.to;
    }
  }
  if (!placed) kept[count++] = added;
  count_ = count < kMostRanges ? count : kMostRanges;
  for (size_t i = 0; i < count_; ++i) ranges_[i] = kept[i];
}

void Ranges::RemoveUpTo(uint64_t to) {
  size_t count = 0;
  for (size_t i = 0; i < count_; ++i) {
    Range one = ranges_[i];
    if (one.to <= to) continue;
    if (one.from <= to) one.from = to + 1;
    ranges_[count++] = one;
  }
  count_ = count;
}

bool Ranges::Touches(Range range) const {
  for (size_t i = 0; i < count_; ++i) {
    if (ranges_[i].from <= range.to && ranges_[i].to >= range.from) return true;
  }
  return false;
}

bool Ranges::Holds(Range range) const {
  Range hole{};
  return !FirstHole(range, &hole);
}

bool Ranges::FirstHole(Range range, Range* hole) const {
  uint64_t next = range.from;
  for (size_t i = 0; i < count_ && next <= range.to; ++i) {
    if (ranges_[i].to < next) continue;
    if (ranges_[i].from > next) {
      *hole = {next, ranges_[i].from - 1 < range.to ? ranges_[i].from - 1 : range.to};
      return true;
    }
    next = ranges_[i].to + 1;
  }
  if (next > range.to) return false;
  *hole = {next, range.to};
  return true;
}

}  // namespace linegate
