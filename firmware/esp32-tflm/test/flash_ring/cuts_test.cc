// The power fails in the middle of every single write and erase of a story, in several ways.
#include <stdio.h>

#include "rows.h"
#include "sim_flash.h"

using namespace linegate;
using namespace linegate::test;

namespace {

constexpr uint64_t kSeed = 11;
constexpr uint64_t kRows = 220;
constexpr int kWaysToTear = 4;

struct Story {
  uint64_t stored;
  uint64_t acked;
  bool branched;
};

// Rows until the power fails, acknowledged behind them for a while and then not at all, so that the ring overflows.
Story Tell(FlashRing* ring) {
  Story story{0, 0, false};
  for (uint64_t seq = 1; seq <= kRows; ++seq) {
    if (AppendRow(ring, kSeed, seq) != Status::kOk) return story;
    story.stored = seq;
    if (seq % 5 == 0 && seq <= 60 && ring->Acknowledge(seq - 2) == Status::kOk) story.acked = seq - 2;
    if (seq == 100) {
      if (ring->Branch() != Status::kOk) return story;
      story.branched = true;
    }
  }
  return story;
}

void CheckAfter(FlashRing* ring, const Story& story) {
  OutboxState state{};
  EXPECT_EQ(ring->State(&state), Status::kOk);
  // The row that was under way may be there as well.
  EXPECT(state.last_seq == story.stored || state.last_seq == story.stored + 1);
  EXPECT(state.acked_seq <= story.acked);
  EXPECT(state.acked_seq + 6 > story.acked);
  if (story.branched) EXPECT_EQ(state.parent_seq, story.acked);
  const Walk walk = WalkOutbox(ring, kSeed, state.acked_seq, state.last_seq);
  EXPECT(walk.whole);
  EXPECT_EQ(walk.unknown, 0);
  // And it goes on.
  for (uint64_t seq = state.last_seq + 1; seq <= state.last_seq + 12; ++seq) {
    EXPECT_EQ(AppendRow(ring, kSeed, seq), Status::kOk);
  }
  EXPECT(WalkOutbox(ring, kSeed, state.acked_seq, state.last_seq + 12).whole);
}

uint64_t OperationsOfStory() {
  static SimFlash flash;
  SimPlatform platform;
  SimMutex mutex;
  FlashRing ring(flash, platform, mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  EXPECT_EQ(Tell(&ring).stored, kRows);
  return flash.operations;
}

}  // namespace

TEST(a_power_cut_in_any_write_or_erase_loses_nothing) {
  const uint64_t operations = OperationsOfStory();
  EXPECT(operations > 300);
  uint64_t cuts = 0;
  for (uint64_t cut = 0; cut < operations; ++cut) {
    for (int way = 0; way < kWaysToTear; ++way) {
      static SimFlash flash;
      flash = SimFlash(cut * kWaysToTear + static_cast<uint64_t>(way));
      SimPlatform platform;
      SimMutex mutex;
      flash.cut_at = cut;
      FlashRing ring(flash, platform, mutex);
      const bool opened = ring.Open() == Status::kOk;
      const Story story = opened ? Tell(&ring) : Story{0, 0, false};
      EXPECT(flash.dead);
      flash.PowerOn();
      FlashRing again(flash, platform, mutex);
      EXPECT_EQ(again.Open(), Status::kOk);
      CheckAfter(&again, story);
      EXPECT_EQ(flash.misuses, 0);
      cuts++;
    }
  }
  (void)printf("cuts: %lu\n", static_cast<unsigned long>(cuts));
}

TEST(power_that_fails_again_and_again_loses_nothing) {
  static SimFlash flash(99);
  Noise noise(5);
  SimPlatform platform;
  uint64_t stored = 0;
  uint64_t boots = 0;
  while (stored < 2000) {
    SimMutex mutex;
    flash.PowerOn();
    flash.cut_at = flash.operations + noise.Below(12);
    FlashRing ring(flash, platform, mutex);
    boots++;
    if (ring.Open() != Status::kOk) continue;
    StoreState state{};
    EXPECT_EQ(ring.State(&state), Status::kOk);
    EXPECT(state.last.seq == stored || state.last.seq == stored + 1);
    stored = state.last.seq;
    if (boots % 16 == 0) EXPECT(WalkOutbox(&ring, kSeed, state.acked_seq, stored).whole);
    while (AppendRow(&ring, kSeed, stored + 1) == Status::kOk) stored++;
    EXPECT(flash.dead);
  }
  EXPECT_EQ(flash.misuses, 0);
  uint32_t least = UINT32_MAX;
  uint32_t most = 0;
  for (const uint32_t erases : flash.erases) {
    if (erases < least) least = erases;
    if (erases > most) most = erases;
  }
  (void)printf("boots: %lu, erases of a sector: %lu to %lu\n", static_cast<unsigned long>(boots),
               static_cast<unsigned long>(least), static_cast<unsigned long>(most));
  EXPECT(least * 2 > most);
}
