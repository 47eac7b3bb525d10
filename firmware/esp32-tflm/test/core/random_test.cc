// Belts at random: whatever comes when, each part has one row or is named by a gap, and the gate is where the tracker
// wants it.
#include "bench.h"
#include "support/test.h"

using linegate::Status;
using linegate::test::Bench;
using linegate::test::kMs;
using linegate::test::Noise;

namespace {

Status AnyFault(Noise* noise) { return noise->Below(5) == 0 ? static_cast<Status>(1 + noise->Below(8)) : Status::kOk; }

void Disturb(Bench* bench, Noise* noise) {
  bench->frames.captures = AnyFault(noise);
  bench->frames.takes_ns = static_cast<int64_t>(noise->Below(80)) * kMs;
  bench->frames.off_ns = (static_cast<int64_t>(noise->Below(120)) - 60) * kMs;
  bench->frames.repeats = noise->Below(9) == 0;
  bench->frames.faults += noise->Below(30) == 0 ? 1 : 0;
  bench->frames.stride_bytes = noise->Below(20) == 0 ? 3 : 8;
  bench->classifier.classifies = AnyFault(noise);
  bench->classifier.takes_ns = static_cast<int64_t>(noise->Below(600)) * kMs;
  const auto normal = static_cast<int8_t>(static_cast<int>(noise->Below(256)) - 128);
  bench->Says(normal, static_cast<int8_t>(-1 - normal));
  bench->store.appends = noise->Below(15) == 0 ? Status::kNoSpace : Status::kOk;
}

void Play(uint64_t seed, int steps) {
  Bench bench;
  Noise noise(seed);
  EXPECT_EQ(bench.Start(), Status::kOk);
  uint64_t parts = 0;
  for (int i = 0; i < steps; i++) {
    Disturb(&bench, &noise);
    if (noise.Below(3) != 0) bench.Trigger();
    bench.gate.Turn(&bench.clock, bench.clock.now_ns + static_cast<int64_t>(noise.Below(200)) * kMs);
    if (noise.Below(2) == 0) (void)bench.station.Step();
    if (noise.Below(40) == 0) bench.station.Resume();
  }
  uint64_t oldest = 0;
  bench.store.appends = Status::kOk;
  bench.line.OpenParts(&oldest, &parts);
  bench.station.Stop();
  EXPECT(!bench.gate.active);
  EXPECT(!bench.gate.ready);
  // Triggers whose events were lost come after the last row, and the next boot's gap names them.
  EXPECT(bench.store.state.last.explained_to + 1 >= (bench.line.EventsLost() == 0 ? parts : 1));
  EXPECT_EQ(bench.store.state.last.closed, 1);
}

}  // namespace

TEST(every_part_is_accounted_for_on_random_belts) {
  for (uint64_t seed = 1; seed <= 40; seed++) Play(seed, 150);
}
