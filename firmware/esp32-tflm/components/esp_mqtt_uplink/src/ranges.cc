#include "linegate/ranges.h"

#include <string.h>

namespace linegate {

void Ranges::Add(Range added) {
  // What comes before it and does not touch it stays; what touches it becomes part of it.
  size_t before = 0;
  while (before < count_ && ranges_[before].to + 1 < added.from) ++before;
  size_t after = before;
  for (; after < count_ && ranges_[after].from <= added.to + 1; ++after) {
    if (ranges_[after].from < added.from) added.from = ranges_[after].from;
    if (ranges_[after].to > added.to) added.to = ranges_[after].to;
  }
  if (before == kMostRanges) return;
  size_t rest = count_ - after;
  if (before + 1 + rest > kMostRanges) rest = kMostRanges - before - 1;
  memmove(ranges_ + before + 1, ranges_ + after, rest * sizeof(Range));
  ranges_[before] = added;
  count_ = before + 1 + rest;
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
