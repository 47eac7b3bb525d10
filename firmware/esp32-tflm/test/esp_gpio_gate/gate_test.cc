#include "linegate/esp/gate.h"

#include "fake_board.h"
#include "linegate/core/line_control.h"
#include "linegate/esp/board.h"
#include "linegate/esp/deenergise.h"
#include "linegate/esp/edges.h"
#include "support/test.h"

namespace linegate::esp {
namespace {

using fake::ChangedUs;
using fake::RunTo;
using fake::TheBoard;

constexpr int kTrigger = kBoard.line.trigger.gpio;
constexpr int kConfirmation = kBoard.line.confirmation.gpio;
constexpr int kGate = kBoard.line.gate.gpio;
constexpr int kReady = kBoard.line.ready.gpio;
constexpr int64_t kDelayUs = 400000;
constexpr int64_t kWidthUs = 50000;
constexpr int64_t kLeadUs = 10000;

class FakeClock final : public Clock {
 public:
  int64_t NowNs() override { return TheBoard().now_us * 1000; }
  int64_t WallMs() override { return 0; }
  WallState Wall() override { return WallState::kUnsynced; }
};

// That every call of the gate comes with it is what the port demands.
class FakeGuard final : public Guard {
 public:
  void Lock() override {
    EXPECT(!held_);
    held_ = true;
  }
  void Unlock() override { held_ = false; }

 private:
  bool held_ = false;
};

struct Line {
  FakeClock clock;
  FakeGuard guard;
  EspGate gate{kBoard.line.gate, kBoard.line.ready};
  EspEdges edges{kBoard.line.trigger, kBoard.line.confirmation};
  LineControl control{clock, gate, edges, guard};

  Line() {
    fake::Begin();
    EXPECT_EQ(control.Open(), Status::kOk);
    struct track_calibration calibration = {};
    calibration.base = TRACK_BASE_TIME;
    calibration.fail_safe = TRACK_FAIL_SAFE_EJECT;
    calibration.too_close = TRACK_TOO_CLOSE_EJECT_NEIGHBOUR;
    calibration.confirm = TRACK_CONFIRM_EJECTED;
    calibration.delay_ns = kDelayUs * 1000;
    calibration.width_ns = kWidthUs * 1000;
    calibration.recovery_ns = 20000000;
    calibration.lead_ns = kLeadUs * 1000;
    calibration.trigger_dead_ns = 100000000;
    calibration.confirm_from_ns = 1000000;
    calibration.confirm_to_ns = 300000000;
    calibration.first_part = 1;
    EXPECT_EQ(control.Start(calibration), Status::kOk);
  }

  // A part at the camera; its edge goes to low, as an open collector's.
  int64_t Trigger() {
    EXPECT(fake::Edge(kTrigger, false));
    const int64_t at_us = TheBoard().now_us;
    static_cast<void>(fake::Edge(kTrigger, true));
    return at_us;
  }
};

TEST(OpenDeenergisesBeforeAnythingElse) {
  fake::Begin();
  EspGate gate(kBoard.line.gate, kBoard.line.ready);
  TheBoard().no_timer = true;
  struct Listener final : GateListener {
    void OnWake() override {}
  } listener;
  EXPECT_EQ(gate.Open(&listener), Status::kUnavailable);
  const int pins[] = {kGate, kReady};
  for (const int pin : pins) {
    EXPECT(TheBoard().output[pin]);
    EXPECT(!TheBoard().high[pin]);
    EXPECT(!TheBoard().pulled_up[pin]);
    // The pin never showed the other level as an output.
    EXPECT_EQ(ChangedUs(pin, true, 0), -1);
  }
}

TEST(APinThatIsNoneIsRefused) {
  fake::Begin();
  EspGate none({kNoPin, true}, kBoard.line.ready);
  EXPECT_EQ(none.Open(nullptr), Status::kBadConfig);
  EspGate same(kBoard.line.gate, kBoard.line.gate);
  EXPECT_EQ(same.Open(nullptr), Status::kBadConfig);
}

TEST(APartWithoutAVerdictIsEjectedOnTheMicrosecond) {
  static Line line;
  const int64_t at_us = line.Trigger();
  RunTo(at_us + 1000000);
  EXPECT_EQ(ChangedUs(kGate, true, 0), at_us + kDelayUs);
  EXPECT_EQ(ChangedUs(kGate, false, 1), at_us + kDelayUs + kWidthUs);
  EXPECT_EQ(ChangedUs(kGate, true, 1), -1);
}

TEST(APassBeforeTheDeadlineDisarms) {
  static Line line;
  const int64_t at_us = line.Trigger();
  RunTo(at_us + kDelayUs - kLeadUs - 1);
  line.control.Resolve(1, Verdict::kPass);
  RunTo(at_us + 1000000);
  EXPECT_EQ(ChangedUs(kGate, true, 0), -1);
}

TEST(APassAfterTheDeadlineMovesNothing) {
  static Line line;
  const int64_t at_us = line.Trigger();
  RunTo(at_us + kDelayUs - kLeadUs + 1);
  line.control.Resolve(1, Verdict::kPass);
  RunTo(at_us + kDelayUs + 1000);
  line.control.Resolve(1, Verdict::kPass);
  RunTo(at_us + 1000000);
  EXPECT_EQ(ChangedUs(kGate, true, 0), at_us + kDelayUs);
  EXPECT_EQ(ChangedUs(kGate, false, 1), at_us + kDelayUs + kWidthUs);
}

TEST(ALateInterruptFiresTheRemainderAndEndsInTime) {
  static Line line;
  const int64_t at_us = line.Trigger();
  RunTo(at_us + kDelayUs - 1);
  TheBoard().interrupt_late_us = 700;
  RunTo(at_us + kDelayUs + 10000);
  TheBoard().interrupt_late_us = 0;
  RunTo(at_us + 1000000);
  EXPECT_EQ(ChangedUs(kGate, true, 0), at_us + kDelayUs + 700);
  EXPECT_EQ(ChangedUs(kGate, false, 1), at_us + kDelayUs + kWidthUs);
}

TEST(EachPartOfARowGetsItsOwnPulse) {
  static Line line;
  int64_t at_us[4] = {};
  for (int64_t& at : at_us) {
    at = line.Trigger();
    RunTo(at + 150000);
    line.control.Resolve(2, Verdict::kPass);
  }
  RunTo(at_us[3] + 1000000);
  EXPECT_EQ(ChangedUs(kGate, true, 0), at_us[0] + kDelayUs);
  EXPECT_EQ(ChangedUs(kGate, true, 1), at_us[2] + kDelayUs);
  EXPECT_EQ(ChangedUs(kGate, true, 2), at_us[3] + kDelayUs);
  EXPECT_EQ(ChangedUs(kGate, false, 3), at_us[3] + kDelayUs + kWidthUs);
  EXPECT_EQ(ChangedUs(kGate, true, 3), -1);
}

TEST(TheSensorInTheChuteIsHeard) {
  static Line line;
  const int64_t at_us = line.Trigger();
  RunTo(at_us + kDelayUs + 100000);
  EXPECT(fake::Edge(kConfirmation, false));
  struct track_event event = {};
  bool confirmed = false;
  while (line.control.Take(&event)) confirmed = confirmed || event.kind == TRACK_CONFIRMED;
  EXPECT(confirmed);
}

TEST(StopDeenergisesAtOnce) {
  static Line line;
  line.control.SetReady(true);
  EXPECT(TheBoard().high[kReady]);
  const int64_t at_us = line.Trigger();
  RunTo(at_us + kDelayUs + 1000);
  EXPECT(TheBoard().high[kGate]);
  line.control.Stop();
  EXPECT(!TheBoard().high[kGate]);
  EXPECT(!TheBoard().high[kReady]);
  RunTo(at_us + 1000000);
  EXPECT_EQ(ChangedUs(kGate, true, 1), -1);
}

TEST(APanicDeenergisesBeforeItPrints) {
  static Line line;
  line.control.SetReady(true);
  RunTo(line.Trigger() + kDelayUs + 1000);
  EXPECT(TheBoard().high[kGate]);
  fake::Panic();
  EXPECT_EQ(TheBoard().panics, 1);
  EXPECT(!TheBoard().gate_high_in_panic);
  EXPECT(!TheBoard().high[kReady]);
}

TEST(ATimeThatIsPastWakesAtOnce) {
  static Line line;
  TheBoard().alarm_on = false;
  line.gate.WakeAt((TheBoard().now_us - 100) * 1000);
  EXPECT(TheBoard().alarm_on);
  EXPECT_EQ(TheBoard().alarm_count, static_cast<uint64_t>(TheBoard().now_us + 5 - TheBoard().timer_zero_us));
  line.gate.WakeAt(INT64_MAX);
  EXPECT(!TheBoard().alarm_on);
  line.gate.WakeAt(INT64_MAX - 1);
  EXPECT(TheBoard().alarm_on);
  EXPECT(TheBoard().alarm_count < static_cast<uint64_t>(TheBoard().now_us + INT64_C(3600000001)));
}

TEST(AnActiveLowGateIsTheOtherWayRound) {
  fake::Begin();
  struct Listener final : GateListener {
    void OnWake() override {}
  } listener;
  EspGate gate({kGate, false}, kBoard.line.ready);
  EXPECT_EQ(gate.Open(&listener), Status::kOk);
  EXPECT(TheBoard().high[kGate]);
  gate.Drive(true);
  EXPECT(!TheBoard().high[kGate]);
  gate.Close();
  EXPECT(TheBoard().high[kGate]);
  EXPECT_EQ(TheBoard().timers, 0);
  gate.Close();
}

}  // namespace
}  // namespace linegate::esp
