// Rows that anyone can tell from each other, and what must hold of a store that was given them.
#pragma once

#include <string.h>

#include "linegate/flash_ring.h"
#include "support/test.h"

namespace linegate::test {

inline constexpr uint64_t kMostRows = 4096;

inline uint64_t Mixed(uint64_t seed, uint64_t seq) { return Noise(seed * 1000003 + seq).Next() ^ (seq << 32U); }

inline size_t TextOf(uint64_t seed, uint64_t seq, char* text) {
  Noise noise(Mixed(seed, seq));
  const auto size = static_cast<size_t>(noise.Below(20) == 0 ? 1 + noise.Below(kMaxRowBytes) : 60 + noise.Below(500));
  for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(noise.Next() >> 24U);
  return size;
}

inline const char* NameOfRow(uint64_t seed, uint64_t seq) {
  static const char* const kNames[] = {"pass", "pass", "pass", "reject", "no-verdict", "event ready"};
  return kNames[Mixed(seed, seq) % 6];
}

inline RowMark MarkOf(uint64_t seed, uint64_t seq) {
  RowMark mark{};
  if (seq == 0) return mark;
  mark.seq = seq;
  mark.session = static_cast<uint32_t>(seq / 10 + 1);
  mark.explained_to = seq;
  mark.explained_above = Mixed(seed, seq);
  mark.reserved = seq + 64;
  mark.wall_ms = static_cast<int64_t>(seq * 1000);
  for (size_t i = 0; i < sizeof mark.hash; ++i) mark.hash[i] = static_cast<uint8_t>(Mixed(seed, seq) >> (i % 8 * 8));
  memcpy(mark.counted_as, NameOfRow(seed, seq), strlen(NameOfRow(seed, seq)));
  return mark;
}

inline Status AppendRow(FlashRing* ring, uint64_t seed, uint64_t seq) {
  char text[kMaxRowBytes];
  const size_t size = TextOf(seed, seq, text);
  return ring->Append(MarkOf(seed, seq), text, size);
}

// Whether a row is there as it was written.
inline bool RowIsWhole(FlashRing* ring, uint64_t seed, uint64_t seq) {
  char text[kMaxRowBytes];
  char read[kMaxRowBytes];
  size_t size = 0;
  RowMark mark{};
  if (ring->Read(seq, read, sizeof read, &size, &mark) != Status::kOk) return false;
  const RowMark wanted = MarkOf(seed, seq);
  return size == TextOf(seed, seq, text) && memcmp(text, read, size) == 0 && mark.seq == seq &&
         memcmp(mark.hash, wanted.hash, sizeof mark.hash) == 0 && mark.reserved == wanted.reserved &&
         mark.explained_above == wanted.explained_above && strcmp(mark.counted_as, wanted.counted_as) == 0;
}

inline uint32_t CountOf(const Fold& fold, const char* name) {
  for (size_t i = 0; i < fold.count_of_counts; ++i) {
    if (strcmp(fold.counts[i].name, name) == 0) return fold.counts[i].count;
  }
  return 0;
}

// Whether a span counts its rows right: all of them, none under another name; `unknown` stands for any.
inline bool SpanIsRight(const OutboxItem& item, uint64_t seed) {
  Fold expected{};
  for (uint64_t seq = item.seq; seq <= item.to; ++seq) AddToFold(&expected, NameOfRow(seed, seq), 1);
  uint64_t sum = 0;
  bool fits = true;
  for (size_t i = 0; i < item.count_of_counts; ++i) {
    const RowCount& count = item.counts[i];
    sum += count.count;
    if (strcmp(count.name, "unknown") != 0) fits = fits && count.count <= CountOf(expected, count.name);
  }
  const RowMark last = MarkOf(seed, item.to);
  return fits && sum == item.to - item.seq + 1 && memcmp(item.hash, last.hash, sizeof item.hash) == 0;
}

inline bool KnowsAll(const OutboxItem& item) {
  for (size_t i = 0; i < item.count_of_counts; ++i) {
    if (strcmp(item.counts[i].name, "unknown") == 0) return false;
  }
  return true;
}

struct Walk {
  uint64_t rows;
  uint64_t spans;
  uint64_t unknown;
  bool whole;
};

// Whether the hash before an item, on which a batch that begins with it hangs, is the right one.
inline bool HashBeforeIsRight(FlashRing* ring, uint64_t seed, const OutboxItem& item) {
  if (item.seq == 1) return true;
  uint8_t hash[kRowHashBytes];
  if (ring->HashAt(item.seq - 1, hash) != Status::kOk) return false;
  return memcmp(hash, MarkOf(seed, item.seq - 1).hash, kRowHashBytes) == 0;
}

inline bool ItemIsRight(FlashRing* ring, uint64_t seed, const OutboxItem& item) {
  return item.folded ? SpanIsRight(item, seed) : RowIsWhole(ring, seed, item.seq);
}

// Goes through all that is to be sent, from the row after `acked` to the last one: every row is there or counted by a
// span.
inline Walk WalkOutbox(FlashRing* ring, uint64_t seed, uint64_t acked, uint64_t last) {
  Walk walk{0, 0, 0, true};
  char text[kMaxRowBytes];
  OutboxItem item{};
  for (uint64_t seq = acked + 1; seq <= last && walk.whole; seq = item.to + 1) {
    const Status found = ring->Item(seq, &item, text, sizeof text);
    walk.whole = found == Status::kOk && item.seq <= seq && item.to >= seq && ItemIsRight(ring, seed, item) &&
                 HashBeforeIsRight(ring, seed, item);
    walk.rows += item.folded ? 0 : 1;
    walk.spans += item.folded ? 1 : 0;
    walk.unknown += item.folded && !KnowsAll(item) ? 1 : 0;
  }
  return walk;
}

}  // namespace linegate::test
