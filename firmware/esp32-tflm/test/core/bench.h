// A station on a belt of fakes.
#pragma once

#include "linegate/core/station.h"
#include "support/fakes.h"

namespace linegate::test {

constexpr int64_t kMs = 1000000;

inline struct track_calibration PlainCalibration() {
  struct track_calibration calibration = {};
  calibration.base = TRACK_BASE_TIME;
  calibration.fail_safe = TRACK_FAIL_SAFE_EJECT;
  calibration.too_close = TRACK_TOO_CLOSE_EJECT_NEIGHBOUR;
  calibration.confirm = TRACK_CONFIRM_NONE;
  calibration.delay_ns = 500 * kMs;
  calibration.width_ns = 30 * kMs;
  calibration.recovery_ns = 20 * kMs;
  calibration.lead_ns = 10 * kMs;
  calibration.trigger_dead_ns = 40 * kMs;
  calibration.first_part = 1;
  return calibration;
}

inline constexpr LabelRule kLabels[2] = {{"normal", false, 1, 1}, {"scratch", true, 0.2, 0.5}};
inline constexpr uint8_t kPixels[64] = {};
inline constexpr int8_t kGoldenScores[2] = {127, -128};
inline constexpr GoldenVector kVectors[1] = {{kPixels, kGoldenScores}};

// As main wires it, with a model of 8 x 8 grey pixels and two labels. After Start the model says "normal".
struct Bench {
  FakeClock clock;
  FakeGuard guard;
  FakeGate gate;
  FakeEdges edges;
  FakeStore store{"epoch"};
  FakeReserve reserve;
  FakeFrames frames{&clock};
  ScriptedClassifier classifier{&clock};
  FakePlatform platform;
  uint8_t tensor[64] = {};
  alignas(4) uint8_t workspace[2000] = {};
  TensorMaker maker{{8, 8, 1, {0, 0, 1, 1}}, tensor, sizeof tensor, workspace, sizeof workspace};
  LineControl line{clock, gate, edges, guard};
  Ledger ledger{store, reserve, clock};
  StationConfig config = {PlainCalibration(), {kLabels, 2, 0.6}, {kVectors, 1, 64, 2}, "rings@1", 50 * kMs, "boot-1"};
  Station station{{clock, frames, classifier, platform}, line, ledger, maker, config};

  Bench() {
    classifier.scores[0] = 127;
    classifier.scores[1] = -128;
  }

  Status Start() {
    EXPECT_EQ(line.Open(), Status::kOk);
    return station.Start();
  }
  void Says(int8_t normal, int8_t scratch) {
    classifier.scores[0] = normal;
    classifier.scores[1] = scratch;
  }
  void Trigger() { edges.listener->OnEdge(Edge::kPart, clock.now_ns); }
  // Lets the station work while nothing else happens.
  void Work() {
    while (station.Step()) {
    }
  }
  // The same, then lets time pass.
  void Pass(int64_t ms) {
    Work();
    gate.Turn(&clock, clock.now_ns + ms * kMs);
    Work();
  }
  bool LastRowHas(const char* words) const { return store.RowHas(store.state.last.seq, words); }
};

}  // namespace linegate::test
