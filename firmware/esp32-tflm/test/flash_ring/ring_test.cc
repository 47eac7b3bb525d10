#include <stdio.h>

#include "rows.h"
#include "sim_flash.h"

using namespace linegate;
using namespace linegate::test;

namespace {

constexpr uint64_t kSeed = 7;

struct Board {
  SimFlash flash;
  SimPlatform platform;
  SimMutex mutex;
};

uint64_t Fill(FlashRing* ring, uint64_t from, uint64_t to) {
  for (uint64_t seq = from; seq <= to; ++seq) {
    if (AppendRow(ring, kSeed, seq) != Status::kOk) return seq - 1;
  }
  return to;
}

}  // namespace

TEST(a_new_store_has_an_epoch_that_lasts) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  StoreState state{};
  EXPECT_EQ(ring.State(&state), Status::kOk);
  EXPECT_EQ(strlen(state.epoch), 36);
  EXPECT(state.epoch[14] == '4' && state.epoch[8] == '-');
  EXPECT(!state.has_rows);
  EXPECT_EQ(state.first_seq, 1);
  FlashRing again(board.flash, board.platform, board.mutex);
  EXPECT_EQ(again.Open(), Status::kOk);
  StoreState later{};
  EXPECT_EQ(again.State(&later), Status::kOk);
  EXPECT_TEXT(later.epoch, state.epoch);
}

TEST(what_is_not_in_order_is_refused_and_changes_nothing) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(AppendRow(&ring, kSeed, 1), Status::kUnavailable);
  EXPECT_EQ(ring.Open(), Status::kOk);
  const uint64_t operations = board.flash.operations;
  EXPECT_EQ(AppendRow(&ring, kSeed, 2), Status::kIllegalInput);
  char text[kMaxRowBytes + 1] = {};
  EXPECT_EQ(ring.Append(MarkOf(kSeed, 1), text, 0), Status::kIllegalInput);
  EXPECT_EQ(ring.Append(MarkOf(kSeed, 1), text, sizeof text), Status::kIllegalInput);
  EXPECT_EQ(ring.Acknowledge(1), Status::kIllegalInput);
  EXPECT_EQ(board.flash.operations, operations);
  EXPECT_EQ(ring.Append(MarkOf(kSeed, 1), text, kMaxRowBytes), Status::kOk);
  size_t size = 0;
  RowMark mark{};
  EXPECT_EQ(ring.Read(1, text, 10, &size, &mark), Status::kNoSpace);
  EXPECT_EQ(ring.Read(2, text, sizeof text, &size, &mark), Status::kNotFound);
}

TEST(a_full_ring_overwrites_the_oldest_and_counts_it) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 1, 20), 20);
  EXPECT_EQ(ring.Acknowledge(5), Status::kOk);
  EXPECT_EQ(Fill(&ring, 21, 500), 500);
  const Walk walk = WalkOutbox(&ring, kSeed, 5, 500);
  EXPECT(walk.whole);
  EXPECT_EQ(walk.spans, 1);
  EXPECT_EQ(walk.unknown, 0);
  EXPECT(walk.rows > 40);
  StoreState state{};
  EXPECT_EQ(ring.State(&state), Status::kOk);
  EXPECT(state.used_percent > 80 && state.used_percent <= 100);
  // The same after a boot.
  FlashRing again(board.flash, board.platform, board.mutex);
  EXPECT_EQ(again.Open(), Status::kOk);
  const Walk later = WalkOutbox(&again, kSeed, 5, 500);
  EXPECT(later.whole);
  EXPECT_EQ(later.rows, walk.rows);
  EXPECT_EQ(later.unknown, 0);
  EXPECT_EQ(board.flash.misuses, 0);
  EXPECT_EQ(board.mutex.misuses, 0);
}

TEST(what_is_acknowledged_makes_room_without_a_trace) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  for (uint64_t seq = 1; seq <= 1000; ++seq) {
    EXPECT_EQ(AppendRow(&ring, kSeed, seq), Status::kOk);
    if (seq % 8 == 0) EXPECT_EQ(ring.Acknowledge(seq), Status::kOk);
  }
  const Walk walk = WalkOutbox(&ring, kSeed, 1000, 1000);
  EXPECT(walk.whole);
  EXPECT_EQ(walk.spans, 0);
  // The receiver lost everything: what is gone goes as a span from the first row on, of unknown names.
  EXPECT_EQ(ring.Acknowledge(0), Status::kOk);
  const Walk all = WalkOutbox(&ring, kSeed, 0, 1000);
  EXPECT(all.whole);
  EXPECT_EQ(all.spans, 1);
  EXPECT_EQ(all.unknown, 1);
}

TEST(a_branch_has_a_parent_and_lasts) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 1, 30), 30);
  EXPECT_EQ(ring.Acknowledge(12), Status::kOk);
  OutboxState before{};
  EXPECT_EQ(ring.State(&before), Status::kOk);
  EXPECT_EQ(ring.Branch(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 31, 200), 200);
  FlashRing again(board.flash, board.platform, board.mutex);
  EXPECT_EQ(again.Open(), Status::kOk);
  OutboxState after{};
  EXPECT_EQ(again.State(&after), Status::kOk);
  EXPECT_TEXT(after.parent, before.epoch);
  EXPECT_TEXT(after.first_epoch, before.epoch);
  EXPECT(strcmp(after.epoch, before.epoch) != 0);
  EXPECT_EQ(after.parent_seq, 12);
  EXPECT_EQ(after.last_seq, 200);
}

TEST(all_sectors_wear_alike) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 1, 4000), 4000);
  uint32_t least = UINT32_MAX;
  uint32_t most = 0;
  for (const uint32_t erases : board.flash.erases) {
    if (erases < least) least = erases;
    if (erases > most) most = erases;
  }
  (void)printf("wear: %lu to %lu erases\n", static_cast<unsigned long>(least), static_cast<unsigned long>(most));
  EXPECT(most > 50);
  EXPECT(most - least <= 1);
}

TEST(opening_reads_no_more_than_the_heads_and_one_sector) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 1, 300), 300);
  board.flash.reads = 0;
  const uint64_t operations = board.flash.operations;
  FlashRing again(board.flash, board.platform, board.mutex);
  EXPECT_EQ(again.Open(), Status::kOk);
  EXPECT(board.flash.reads < kSimSectors * 2 * 1024 + 3 * kSimSectorBytes);
  EXPECT_EQ(board.flash.operations, operations);
}

TEST(damage_between_good_rows_is_told_as_a_span) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 1, 60), 60);
  // A bit of some row, then of the head of another sector.
  board.flash.bytes[3 * kSimSectorBytes + 2000] ^= 4;
  board.flash.bytes[5 * kSimSectorBytes + 30] ^= 4;
  for (int boots = 0; boots < 2; ++boots) {
    FlashRing again(board.flash, board.platform, board.mutex);
    EXPECT_EQ(again.Open(), Status::kOk);
    const Walk walk = WalkOutbox(&again, kSeed, 0, 60);
    EXPECT(walk.whole);
    EXPECT(walk.spans >= 1 && walk.unknown == walk.spans);
    EXPECT(walk.rows > 15);
  }
}

TEST(a_sector_that_takes_no_writes_is_left_behind) {
  static Board board;
  FlashRing ring(board.flash, board.platform, board.mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Fill(&ring, 1, 10), 10);
  board.flash.broken_sector = 4;
  // It gives up on that sector with an error, and never says that a row is stored when it is not.
  const uint64_t stored = Fill(&ring, 11, 60);
  EXPECT(stored < 60);
  board.flash.broken_sector = UINT32_MAX;
  EXPECT_EQ(Fill(&ring, stored + 1, 60), 60);
  EXPECT(WalkOutbox(&ring, kSeed, 0, 60).whole);
}
