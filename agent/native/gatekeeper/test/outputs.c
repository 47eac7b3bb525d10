/* The keeper's outputs: two gates, pulses of a set width, held gates, and pulses cut short on a belt that stands. */
#include "tests.h"

#include <stdlib.h>
#include <string.h>

static struct rig rig;

#define TRACK(kind) (WIRE_TRACK + (kind))

static struct keeper_conf conf_with_gate2(int64_t delay, int64_t width, int64_t recovery) {
  struct keeper_conf conf = rig_conf();
  conf.gate2_delay = delay;
  conf.gate2_width = width;
  conf.gate2_recovery = recovery;
  conf.outputs[KEEPER_GATE2] = true;
  return conf;
}

static void two_gates(void) {
  struct keeper_conf conf = conf_with_gate2(150, 20, 10);
  rig_make_ready(&rig, &conf);
  static const uint8_t verdicts[] = {TRACK_VERDICT_PASS, TRACK_VERDICT_REJECT, TRACK_VERDICT_REVIEW, 0};
  bool gate[4][2] = {{0}};
  for (uint64_t i = 0; i < 4; i++) {
    int64_t at = 2000 + 200 * (int64_t)i;
    rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
    rig_edge(&rig, KEEPER_TRIGGER, at);
    if (verdicts[i] != 0) rig_send(&rig, WIRE_VERDICT, i + 1, verdicts[i]);
    rig_run(&rig, at + 110);
    gate[i][0] = rig.levels[KEEPER_GATE];
    CHECK(!rig.levels[KEEPER_GATE2]);
    rig_run(&rig, at + 160);
    gate[i][1] = rig.levels[KEEPER_GATE2];
    CHECK(!rig.levels[KEEPER_GATE]);
  }
  rig_run(&rig, 3000);
  static const bool expected[4][2] = {{false, false}, {true, false}, {false, true}, {true, false}};
  CHECK(memcmp(gate, expected, sizeof gate) == 0);
  CHECK(rig_count(&rig, TRACK(TRACK_RESOLVED)) == 4 && rig_count(&rig, TRACK(TRACK_CLOSED)) == 4);
  for (int i = 0; i < 4; i++) {
    const struct wire_event *closed = rig_heard(&rig, TRACK(TRACK_CLOSED), i);
    CHECK(closed->verdict == verdicts[i]);
    CHECK(closed->action == (i == 0 ? TRACK_ACTION_PASS : TRACK_ACTION_EJECT));
  }
}

/* Parts 50 apart: far enough for the first gate, too close for a second one that is active for 40 and takes 25 more. */
static void second_gate_of_its_own(void) {
  struct keeper_conf conf = conf_with_gate2(150, 40, 25);
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_send(&rig, WIRE_VERDICT, 1, TRACK_VERDICT_REVIEW);
  rig_run(&rig, 2050);
  rig_edge(&rig, KEEPER_TRIGGER, 2050);
  rig_send(&rig, WIRE_VERDICT, 2, TRACK_VERDICT_PASS);
  for (int i = 0; i < 2; i++) {
    const struct wire_event *close = rig_heard(&rig, TRACK(TRACK_TOO_CLOSE), i);
    CHECK(close->part + close->value == 3 && close->part == 1 + (uint64_t)i);
  }
  rig_run(&rig, 2149);
  CHECK(!rig.levels[KEEPER_GATE2] && rig_count(&rig, TRACK(TRACK_GATE_ON)) == 0);
  rig_run(&rig, 2150);
  CHECK(rig.levels[KEEPER_GATE2]);
  /* The second part is certain to be hit: the gate stays for it. */
  rig_run(&rig, 2239);
  CHECK(rig.levels[KEEPER_GATE2] && !rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2240);
  CHECK(!rig.levels[KEEPER_GATE2]);
  const struct wire_event *on = rig_heard(&rig, TRACK(TRACK_GATE_ON), 0);
  CHECK(on->code == 2 && on->part == 1 && on->due_ns == 2150 && rig_count(&rig, TRACK(TRACK_GATE_ON)) == 1);
  CHECK(parts_get(&rig.keeper.parts, 1)->pulse_ns == 2150);
  for (int i = 0; i < 2; i++) {
    const struct wire_event *closed = rig_heard(&rig, TRACK(TRACK_CLOSED), i);
    CHECK(closed->action == TRACK_ACTION_EJECT && closed->flag == 1);
    CHECK(closed->cause == (i == 0 ? TRACK_CAUSE_VERDICT : TRACK_CAUSE_TOO_CLOSE));
  }
}

/* Whether and how a start is refused with this second gate. */
static const char *fault_with(int64_t delay, int64_t width, int64_t recovery) {
  struct keeper_conf conf = conf_with_gate2(delay, width, recovery);
  return keeper_init(&rig.keeper, &conf, rig_ring(), rig_ring_bytes(), 0);
}

static void second_gates_refused(void) {
  CHECK(fault_with(150, 40, 25) == NULL);
  CHECK(strstr(fault_with(99, 20, 10), "gate2-delay is less than delay") != NULL);
  CHECK(strstr(fault_with(150, 0, 25), "gate2-width must be") != NULL);
  CHECK(strstr(fault_with(150, 40, 0), "gate2-recovery must be") != NULL);
  CHECK(strstr(fault_with(150, 100, 41), "gate2-delay less lead") != NULL);
  CHECK(strstr(fault_with(1500, 20, 10), "trigger-dead is too short for gate2-delay") != NULL);
}

/* A second gate that alone finds two parts too close stops the line where that is the rule, and says so once. */
static void second_gate_stops(void) {
  struct keeper_conf conf = conf_with_gate2(150, 40, 25);
  conf.gate.too_close = TRACK_TOO_CLOSE_STOP_LINE;
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_edge(&rig, KEEPER_TRIGGER, 2050);
  CHECK(rig_count(&rig, TRACK(TRACK_STOP_LINE)) == 1 && !rig.levels[KEEPER_READY]);
  rig_run(&rig, 2400);
  rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
  rig_edge(&rig, KEEPER_TRIGGER, 3000);
  rig_edge(&rig, KEEPER_TRIGGER, 3010);
  CHECK(rig_count(&rig, TRACK(TRACK_TOO_CLOSE)) == 4); /* of each part once, whichever gate it is for */
  CHECK(rig_count(&rig, TRACK(TRACK_STOP_LINE)) == 2); /* the first gate has its own reason now */
  rig_run(&rig, 3400);
  rig_send(&rig, WIRE_RESUME, 0, 1);
  CHECK(rig.levels[KEEPER_READY]);
}

static void timed_outputs(void) {
  struct keeper_conf conf = rig_conf();
  for (int i = KEEPER_STROBE; i <= KEEPER_PLC_NG; i++)
    conf.outputs[i] = true;
  conf.strobe_delay_ns = 7;
  conf.strobe_width_ns = 3;
  conf.camera_trigger_delay_ns = 0;
  conf.camera_trigger_width_ns = 2;
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  CHECK(rig.levels[KEEPER_CAMERA_TRIGGER] && !rig.levels[KEEPER_STROBE] && rig.levels[KEEPER_PLC_BUSY]);
  rig_run(&rig, 2002);
  CHECK(!rig.levels[KEEPER_CAMERA_TRIGGER]);
  rig_run(&rig, 2006);
  CHECK(!rig.levels[KEEPER_STROBE]);
  rig_run(&rig, 2009);
  CHECK(rig.levels[KEEPER_STROBE]);
  rig_run(&rig, 2010);
  CHECK(!rig.levels[KEEPER_STROBE]);
  rig_run(&rig, 2089);
  CHECK(rig.levels[KEEPER_PLC_BUSY] && !rig.levels[KEEPER_PLC_NG]);
  rig_run(&rig, 2090);
  CHECK(!rig.levels[KEEPER_PLC_BUSY] && rig.levels[KEEPER_PLC_NG] && !rig.levels[KEEPER_PLC_OK]);
  rig_run(&rig, 2105);
  CHECK(!rig.levels[KEEPER_PLC_NG]);
}

static void commissioning(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_disconnect(&rig);
  rig_connect(&rig);
  rig_send(&rig, WIRE_ATTACH, 0, WIRE_ROLE_COMMISSION);
  rig_send(&rig, WIRE_HOLD_GATE, 0, 1);
  CHECK(rig_count(&rig, WIRE_HOLD_DENIED) == 1 && !rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2200);
  rig_edge(&rig, KEEPER_TRIGGER, 2210);
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER_IGNORED), 0)->code == WIRE_IGNORED_COMMISSIONING);
  CHECK(rig_count(&rig, WIRE_INPUT) == 3);
  rig_send(&rig, WIRE_HOLD_GATE, 0, 1);
  CHECK(rig.levels[KEEPER_GATE] && !rig.levels[KEEPER_READY]);
  rig_run(&rig, 2209 + HOLD_NS);
  CHECK(rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2210 + HOLD_NS);
  CHECK(!rig.levels[KEEPER_GATE]);
  rig_send(&rig, WIRE_HOLD_GATE, 0, 1);
  rig_disconnect(&rig);
  CHECK(!rig.levels[KEEPER_GATE]);
}

/* By so many counts, back where they are negative, one each 10 ns. */
static void move(int counts) {
  for (int i = 0; i < abs(counts); i++) {
    const bool *levels = rig.keeper.encoder.levels;
    bool is_a = (levels[ENCODER_A] == levels[ENCODER_B]) == (counts > 0);
    enum keeper_input line = is_a ? KEEPER_ENCODER_A : KEEPER_ENCODER_B;
    bool level = line == KEEPER_ENCODER_A ? !levels[ENCODER_A] : !levels[ENCODER_B];
    rig.now += 10;
    keeper_edge(&rig.keeper, line, rig.now, level, 0);
    rig_tick(&rig, rig.now);
  }
}

static void a_belt_that_stands_lets_the_gate_fall(void) {
  struct keeper_conf conf = rig_conf();
  conf.gate.base = TRACK_BASE_ENCODER;
  conf.encoder = ENCODER_QUADRATURE;
  conf.heartbeat_ns = 1000000;
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_attach(&rig, 1);
  move(119);
  CHECK(!rig.levels[KEEPER_READY]); /* the doubt of the start is in counts */
  move(1);
  CHECK(rig.levels[KEEPER_READY]);
  rig_edge(&rig, KEEPER_TRIGGER, rig.now + 1);
  int64_t triggered_ns = rig.now;
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER), 0)->due_ns == triggered_ns + 900);
  move(99);
  CHECK(!rig.levels[KEEPER_GATE]);
  move(5);
  CHECK(rig.levels[KEEPER_GATE]);
  CHECK(rig_heard(&rig, TRACK(TRACK_GATE_ON), 0)->due_ns == triggered_ns + 1000);
  int64_t active_ns = triggered_ns + 1000;
  rig_run(&rig, active_ns + 999);
  CHECK(rig.levels[KEEPER_GATE] && rig.levels[KEEPER_READY]);
  rig_run(&rig, active_ns + 1000);
  CHECK(!rig.levels[KEEPER_GATE] && !rig.levels[KEEPER_READY]);
  move(20);
  CHECK(!rig.levels[KEEPER_GATE]);
  CHECK(rig_heard(&rig, TRACK(TRACK_CLOSED), 0)->action == TRACK_ACTION_MISSED);
}

/* The agent compares parts at the gate with triggers by counts, however long the belt stands or goes back. */
static void edges_tell_where_the_belt_is(void) {
  struct keeper_conf conf = rig_conf();
  conf.gate.base = TRACK_BASE_ENCODER;
  conf.encoder = ENCODER_QUADRATURE;
  conf.gate.confirm = TRACK_CONFIRM_EJECTED;
  conf.gate.confirm_to_ns = 50;
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_attach(&rig, 1);
  move(10);
  rig_edge(&rig, KEEPER_TRIGGER, rig.now + 1);
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER), 0)->counts == 10);
  move(105);
  rig_forget(&rig);
  rig_edge(&rig, KEEPER_PART_AT_GATE, rig.now + 100000);
  CHECK(rig_heard(&rig, WIRE_INPUT, 0)->counts == 115 && rig_heard(&rig, WIRE_INPUT, 0)->value == 0);
  move(-20);
  rig_edge(&rig, KEEPER_PART_AT_GATE, rig.now + 1);
  CHECK(rig_heard(&rig, WIRE_INPUT, 1)->counts == 115 && rig_heard(&rig, WIRE_INPUT, 1)->value == 20);
  move(19);
  rig_edge(&rig, KEEPER_PART_AT_GATE, rig.now + 1);
  CHECK(rig_heard(&rig, WIRE_INPUT, 2)->counts == 115 && rig_heard(&rig, WIRE_INPUT, 2)->value == 1);
  move(11);
  rig_edge(&rig, KEEPER_CONFIRM, rig.now + 1);
  CHECK(rig_heard(&rig, TRACK(TRACK_CONFIRMED), 0)->counts == 125);
}

void test_outputs(void) {
  two_gates();
  second_gate_of_its_own();
  second_gates_refused();
  second_gate_stops();
  timed_outputs();
  commissioning();
  a_belt_that_stands_lets_the_gate_fall();
  edges_tell_where_the_belt_is();
}
