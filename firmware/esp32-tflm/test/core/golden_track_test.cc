// The tracker as compiled here against the agent's WebAssembly, call by call.
#include <stdio.h>
#include <string.h>

#include "support/golden.h"
#include "support/test.h"

extern "C" {
#include "track.h"
}

using linegate::test::Golden;

namespace {

constexpr const char* kVerdicts[] = {"none", "pass", "reject", "review"};
constexpr const char* kActions[] = {"none", "eject", "pass", "missed", "aborted"};
constexpr const char* kCauses[] = {"stopped", "verdict", "fail-safe", "too-close"};
constexpr const char* kConfirmations[] = {"none", "confirmed", "unconfirmed"};
constexpr const char* kFailSafes[] = {"", "eject", "pass", "stop-line"};
constexpr const char* kTooClose[] = {"", "eject-neighbour", "escape", "stop-line"};
constexpr const char* kConfirm[] = {"", "none", "ejected"};

template <size_t Count>
uint8_t IndexOf(const char* const (&names)[Count], const char* name) {
  for (size_t i = 0; i < Count; i++) {
    if (strcmp(names[i], name) == 0) return static_cast<uint8_t>(i);
  }
  linegate::test::Fail(name, 0, "the name is known");
  return 0;
}

void Init(const Golden& golden, struct track* track) {
  struct track_calibration calibration = {};
  calibration.base = TRACK_BASE_TIME;
  calibration.delay_ns = golden.Integer(2);
  calibration.width_ns = golden.Integer(3);
  calibration.recovery_ns = golden.Integer(4);
  calibration.lead_ns = golden.Integer(5);
  calibration.trigger_dead_ns = golden.Integer(6);
  calibration.fail_safe = IndexOf(kFailSafes, golden.Text(7));
  calibration.too_close = IndexOf(kTooClose, golden.Text(8));
  calibration.confirm = IndexOf(kConfirm, golden.Text(9));
  calibration.confirm_from_ns = golden.Integer(10);
  calibration.confirm_to_ns = golden.Integer(11);
  calibration.first_part = static_cast<uint64_t>(golden.Integer(12));
  EXPECT_EQ(track_init(track, &calibration), TRACK_OK);
}

// Compares a field `name=value` of the line.
void ExpectText(const Golden& golden, size_t field, const char* name, const char* value) {
  char expected[80];
  (void)snprintf(expected, sizeof expected, "%s=%s", name, value);
  EXPECT_TEXT(expected, golden.Text(field));
}

void ExpectNumber(const Golden& golden, size_t field, const char* name, int64_t value) {
  const char* text = golden.Text(field);
  const size_t size = strlen(name);
  EXPECT(strncmp(text, name, size) == 0 && text[size] == '=');
  int64_t expected = 0;
  for (const char* digit = text + size + 1; *digit >= '0' && *digit <= '9'; digit++) {
    expected = 10 * expected + (*digit - '0');
  }
  EXPECT_EQ(value, expected);
}

void ExpectSettled(const Golden& golden, const struct track_event& event, bool closed) {
  size_t field = 2;
  ExpectText(golden, field++, "action", kActions[event.action]);
  ExpectNumber(golden, field++, "atNs", event.at);
  ExpectText(golden, field++, "cause", kCauses[event.cause]);
  if (closed) ExpectText(golden, field++, "confirmation", kConfirmations[event.confirmation]);
  ExpectNumber(golden, field++, "part", static_cast<int64_t>(event.part));
  ExpectNumber(golden, field++, "scheduledNs", event.due);
  ExpectText(golden, field++, "tooClose", event.too_close ? "true" : "false");
  ExpectText(golden, field, "verdict", kVerdicts[event.verdict]);
}

void ExpectGate(const Golden& golden, const struct track_event& event, const char* state) {
  ExpectNumber(golden, 2, "atNs", event.at);
  ExpectNumber(golden, 3, "part", static_cast<int64_t>(event.part));
  ExpectNumber(golden, 4, "scheduledNs", event.due);
  if (state != nullptr) ExpectText(golden, 5, "state", state);
}

void ExpectInput(const Golden& golden, const struct track_event& event) {
  ExpectNumber(golden, 2, "atNs", event.at);
  const auto part = static_cast<int64_t>(event.part);
  switch (event.kind) {
    case TRACK_TRIGGER:
      ExpectNumber(golden, 3, "deadlineNs", event.due);
      ExpectNumber(golden, 4, "part", part);
      break;
    case TRACK_TRIGGER_IGNORED: ExpectText(golden, 3, "reason", part == 0 ? "stopped" : "bounce"); break;
    case TRACK_TOO_CLOSE:
      ExpectNumber(golden, 3, "neighbour", static_cast<int64_t>(event.neighbour));
      ExpectNumber(golden, 4, "part", part);
      break;
    case TRACK_STOP_LINE:
      ExpectNumber(golden, 3, "part", part);
      ExpectText(golden, 4, "reason", kCauses[event.cause]);
      break;
    case TRACK_CONFIRM_UNEXPECTED: ExpectText(golden, 3, "part", "undefined"); break;
    default: ExpectNumber(golden, 3, "part", part);
  }
}

constexpr const char* kKinds[] = {"",
                                  "trigger",
                                  "trigger-ignored",
                                  "too-close",
                                  "resolved",
                                  "gate",
                                  "gate",
                                  "missed-pulse",
                                  "verdict-late",
                                  "verdict-unknown",
                                  "verdict-repeated",
                                  "confirmation",
                                  "confirmation",
                                  "closed",
                                  "stop-line"};

void ExpectEvent(const Golden& golden, struct track* track) {
  struct track_event event = {};
  EXPECT(track_take(track, &event));
  EXPECT_TEXT(kKinds[event.kind], golden.Text(1));
  switch (event.kind) {
    case TRACK_RESOLVED: ExpectSettled(golden, event, false); break;
    case TRACK_CLOSED: ExpectSettled(golden, event, true); break;
    case TRACK_GATE_ON: ExpectGate(golden, event, "active"); break;
    case TRACK_GATE_OFF: ExpectGate(golden, event, "inactive"); break;
    case TRACK_MISSED_PULSE: ExpectGate(golden, event, nullptr); break;
    default: ExpectInput(golden, event);
  }
}

void Step(const Golden& golden, struct track* track) {
  if (golden.Is(0, "init")) Init(golden, track);
  if (golden.Is(0, "trigger")) track_trigger(track, golden.Integer(1));
  if (golden.Is(0, "confirm")) track_confirm(track, golden.Integer(1));
  if (golden.Is(0, "tick")) track_tick(track, golden.Integer(1));
  if (golden.Is(0, "stop")) track_stop(track, golden.Integer(1));
  if (golden.Is(0, "verdict")) {
    const auto verdict = static_cast<enum track_verdict>(IndexOf(kVerdicts, golden.Text(2)));
    track_verdict(track, static_cast<uint64_t>(golden.Integer(1)), verdict, golden.Integer(3));
  }
  if (golden.Is(0, "event")) ExpectEvent(golden, track);
  if (!golden.Is(0, "next")) return;
  const int64_t next = track_next(track);
  EXPECT_EQ(next, golden.Is(1, "never") ? TRACK_NEVER : golden.Integer(1));
  struct track_event more;
  EXPECT(!track_take(track, &more));
}

}  // namespace

TEST(the_tracker_does_what_it_does_in_the_agent) {
  static struct track track;
  Golden golden("firmware/tracks.txt");
  while (golden.Next()) Step(golden, &track);
  EXPECT(golden.Line() > 1000);
}
