// Random operations against a model, and random bytes in place of a store.
#include "rows.h"
#include "sim_flash.h"

using namespace linegate;
using namespace linegate::test;

namespace {

struct Model {
  uint64_t stored = 0;
  uint64_t acked = 0;
};

void Step(FlashRing* ring, uint64_t seed, Noise* noise, Model* model) {
  const uint64_t what = noise->Below(100);
  if (what < 80) {
    EXPECT_EQ(AppendRow(ring, seed, model->stored + 1), Status::kOk);
    model->stored++;
  } else if (what < 92) {
    // Mostly on, at times back.
    const uint64_t to = noise->Below(10) == 0 ? noise->Below(model->stored + 1)
                                              : model->acked + noise->Below(model->stored - model->acked + 1);
    EXPECT_EQ(ring->Acknowledge(to), Status::kOk);
    model->acked = to;
  } else if (what < 94) {
    EXPECT_EQ(ring->Branch(), Status::kOk);
  } else if (what < 97) {
    EXPECT(WalkOutbox(ring, seed, model->acked, model->stored).whole);
  } else {
    char text[kMaxRowBytes];
    OutboxItem item{};
    const uint64_t seq = 1 + noise->Below(model->stored + 2);
    const Status read = ring->Item(seq, &item, text, sizeof text);
    EXPECT_EQ(read, seq <= model->stored ? Status::kOk : Status::kNotFound);
    if (read == Status::kOk) EXPECT(item.folded ? SpanIsRight(item, seed) : RowIsWhole(ring, seed, seq));
  }
}

void AppendRows(FlashRing* ring, uint64_t seed, uint64_t from, uint64_t to) {
  for (uint64_t seq = from; seq <= to; ++seq) EXPECT_EQ(AppendRow(ring, seed, seq), Status::kOk);
}

// Noise alone, or a store with some bytes changed.
void Damage(SimFlash* flash, uint64_t seed) {
  Noise noise(seed);
  if (seed % 2 == 1) {
    for (uint8_t& byte : flash->bytes) byte = static_cast<uint8_t>(noise.Next() >> 20U);
    return;
  }
  SimPlatform platform(seed);
  SimMutex mutex;
  FlashRing ring(*flash, platform, mutex);
  EXPECT_EQ(ring.Open(), Status::kOk);
  AppendRows(&ring, seed, 1, 80);
  for (uint64_t changes = 1 + noise.Below(40); changes > 0; --changes) {
    flash->bytes[noise.Below(sizeof flash->bytes)] = static_cast<uint8_t>(noise.Next() >> 20U);
  }
}

}  // namespace

TEST(random_operations_and_boots_agree_with_a_model) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    static SimFlash flash;
    flash = SimFlash(seed);
    SimPlatform platform(seed);
    SimMutex mutex;
    Noise noise(seed);
    Model model;
    while (model.stored < 600) {
      FlashRing ring(flash, platform, mutex);
      EXPECT_EQ(ring.Open(), Status::kOk);
      StoreState state{};
      EXPECT_EQ(ring.State(&state), Status::kOk);
      EXPECT_EQ(state.last.seq, model.stored);
      EXPECT(state.acked_seq <= model.stored);
      model.acked = state.acked_seq;
      for (uint64_t steps = noise.Below(200); steps > 0; --steps) Step(&ring, seed, &noise, &model);
    }
    EXPECT_EQ(flash.misuses, 0);
    EXPECT_EQ(mutex.misuses, 0);
  }
}

TEST(random_bytes_are_no_store_and_become_one) {
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    static SimFlash flash;
    flash = SimFlash(seed);
    SimPlatform platform(seed);
    SimMutex mutex;
    Damage(&flash, seed);
    FlashRing ring(flash, platform, mutex);
    EXPECT_EQ(ring.Open(), Status::kOk);
    StoreState state{};
    EXPECT_EQ(ring.State(&state), Status::kOk);
    EXPECT(state.last.seq <= 80);
    // Whatever is still read is what was written.
    EXPECT(WalkOutbox(&ring, seed, 0, state.last.seq).whole);
    AppendRows(&ring, seed, state.last.seq + 1, state.last.seq + 100);
    EXPECT(WalkOutbox(&ring, seed, 0, state.last.seq + 100).whole);
  }
}
