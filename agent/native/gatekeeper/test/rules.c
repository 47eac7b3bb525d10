/* The keeper's rules, one by one: sessions, READY and the ring, with time as base. */
#include "tests.h"

#include <string.h>

static struct rig rig;

#define TRACK(kind) (WIRE_TRACK + (kind))

static bool last_ready(uint64_t doubts) {
  const struct wire_event *last = NULL;
  for (int i = 0; i < rig_count(&rig, WIRE_READY); i++)
    last = rig_heard(&rig, WIRE_READY, i);
  return last != NULL && last->value == doubts && last->flag == (doubts == 0) &&
         rig.levels[KEEPER_READY] == (doubts == 0);
}

static bool refused(enum wire_refusal why) {
  const struct wire_event *e = rig_heard(&rig, WIRE_REFUSED, 0);
  return e != NULL && e->code == why && !rig.keeper.session.connected;
}

static void start_and_ready(void) {
  struct keeper_conf conf = rig_conf();
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  for (int i = 0; i < KEEPER_OUTPUTS; i++)
    CHECK(!rig.levels[i]);
  rig_attach(&rig, 1);
  const struct wire_event *hello = rig_heard(&rig, WIRE_HELLO, 0);
  CHECK(hello->value == rig.nonce && hello->due_ns == 77 && hello->part == 1 && hello->flag == 0 &&
        hello->at_ns == 1000);
  CHECK(last_ready(WIRE_DOUBT_START));
  rig_run(&rig, 1119);
  CHECK(last_ready(WIRE_DOUBT_START));
  rig_run(&rig, 1120);
  CHECK(last_ready(0));
  rig_run(&rig, 10999);
  CHECK(last_ready(0));
  rig_run(&rig, 11000);
  CHECK(last_ready(WIRE_DOUBT_NO_AGENT));
  rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
  CHECK(last_ready(0));
  rig_disconnect(&rig);
  CHECK(!rig.levels[KEEPER_READY]);
}

static void verdicts_move_the_gate(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_edge(&rig, KEEPER_TRIGGER, 2050);
  rig_send(&rig, WIRE_VERDICT, 1, TRACK_VERDICT_PASS);
  rig_send(&rig, WIRE_VERDICT, 2, TRACK_VERDICT_REJECT);
  rig_edge(&rig, KEEPER_TRIGGER, 2090);
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER), 0)->due_ns == 2090);
  rig_run(&rig, 2149);
  CHECK(!rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2150);
  CHECK(rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2169);
  CHECK(rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2170);
  CHECK(!rig.levels[KEEPER_GATE]);
  rig_send(&rig, WIRE_VERDICT, 2, TRACK_VERDICT_PASS);
  rig_run(&rig, 2190); /* no verdict: the fail-safe */
  CHECK(rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2300);
  CHECK(rig_count(&rig, TRACK(TRACK_VERDICT_LATE)) == 1 && rig_count(&rig, TRACK(TRACK_CLOSED)) == 3);
  const struct wire_event *on = rig_heard(&rig, TRACK(TRACK_GATE_ON), 0);
  CHECK(on->part == 2 && on->due_ns == 2150 && on->at_ns == 2150 && on->code == 1);
  const struct wire_event *closed = rig_heard(&rig, TRACK(TRACK_CLOSED), 2);
  CHECK(closed->part == 3 && closed->action == TRACK_ACTION_EJECT && closed->cause == TRACK_CAUSE_FAIL_SAFE);
}

static void death_and_reattach(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_send(&rig, WIRE_VERDICT, 1, TRACK_VERDICT_PASS);
  rig_edge(&rig, KEEPER_TRIGGER, 2050);
  rig_disconnect(&rig);
  CHECK(!rig.levels[KEEPER_READY]);
  rig_edge(&rig, KEEPER_TRIGGER, 2100);
  rig_run(&rig, 2125); /* part 1 is closed, 2 and 3 are open */
  rig_forget(&rig);
  rig_attach(&rig, 1);
  CHECK(rig_heard(&rig, WIRE_ATTACHED, 0)->part == 4 && rig_heard(&rig, WIRE_ATTACHED, 0)->value == 3);
  CHECK(rig_count(&rig, WIRE_INTERRUPTED) == 1);
  const struct wire_event *first = rig_heard(&rig, WIRE_INTERRUPTED, 0);
  CHECK(first->part == 1 && first->code == 1 && first->action == TRACK_ACTION_PASS && first->at_ns == 2000);
  CHECK(first->due_ns == 2120 && first->value == 2120);
  rig_send(&rig, WIRE_VERDICT, 2, TRACK_VERDICT_PASS);
  CHECK(rig_heard(&rig, TRACK(TRACK_VERDICT_UNKNOWN), 0)->part == 2);
  rig_run(&rig, 2150);
  CHECK(rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2300);
  CHECK(rig_count(&rig, WIRE_INTERRUPTED) == 3 && rig_count(&rig, TRACK(TRACK_CLOSED)) == 0);
  CHECK(rig_heard(&rig, WIRE_INTERRUPTED, 1)->action == TRACK_ACTION_EJECT);
  for (uint64_t part = 1; part <= 3; part++)
    rig_send(&rig, WIRE_ACKNOWLEDGE, part, 0);
  rig_disconnect(&rig);
  rig_forget(&rig);
  rig_attach(&rig, 4);
  CHECK(rig_count(&rig, WIRE_INTERRUPTED) == 0 && rig_heard(&rig, WIRE_ATTACHED, 0)->value == 0);
}

static void restart_of_the_gatekeeper(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_run(&rig, 2130);
  rig_edge(&rig, KEEPER_TRIGGER, 2150);
  rig_start(&rig, &conf, 2160); /* killed */
  rig_attach(&rig, 1);
  CHECK(rig_heard(&rig, WIRE_HELLO, 0)->part == 3 && rig_heard(&rig, WIRE_HELLO, 0)->flag == 1);
  CHECK(rig_heard(&rig, WIRE_INTERRUPTED, 0)->action == TRACK_ACTION_EJECT);
  const struct wire_event *open = rig_heard(&rig, WIRE_INTERRUPTED, 1);
  CHECK(open->part == 2 && open->code == 0 && open->at_ns == 2150 && open->value == 0);
  CHECK(last_ready(WIRE_DOUBT_START));
  rig_run(&rig, 2280);
  CHECK(last_ready(0));
  rig_edge(&rig, KEEPER_TRIGGER, 2300);
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER), 0)->part == 3);
}

static void numbers_have_an_offset(void) {
  struct keeper_conf conf = rig_conf();
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_edge(&rig, KEEPER_TRIGGER, 1100);
  rig_run(&rig, 1300);
  rig_attach(&rig, 500); /* the ledger has 499 parts; the one that waits is the 500th */
  CHECK(rig_heard(&rig, WIRE_INTERRUPTED, 0)->part == 500);
  rig_edge(&rig, KEEPER_TRIGGER, 1400);
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER), 0)->part == 501);
  rig_send(&rig, WIRE_VERDICT, 501, TRACK_VERDICT_PASS);
  rig_run(&rig, 1600);
  CHECK(rig_heard(&rig, TRACK(TRACK_CLOSED), 0)->part == 501);
  CHECK(rig_heard(&rig, TRACK(TRACK_CLOSED), 0)->action == TRACK_ACTION_PASS);
  rig_disconnect(&rig);
  rig_attach(&rig, 503);
  CHECK(refused(WIRE_REFUSED_AHEAD));
}

static void refuse_one(enum wire_refusal why, struct wire_request request, int spoil) {
  struct keeper_conf conf = rig_conf();
  uint8_t bytes[WIRE_BYTES];
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  request.nonce += rig.nonce;
  request.number += rig.number + 1;
  wire_encode_request(&request, bytes);
  if (spoil >= 0) bytes[spoil] ^= 0x10;
  keeper_bytes(&rig.keeper, bytes, WIRE_BYTES, rig.now);
  rig_settle(&rig);
  CHECK(refused(why) && !rig.levels[KEEPER_READY]);
  rig_run(&rig, 2100);
  CHECK(rig.levels[KEEPER_GATE]); /* and the part has its fail-safe */
}

static void hostile_bytes(void) {
  struct wire_request pass = {.kind = WIRE_VERDICT, .part = 1, .argument = TRACK_VERDICT_PASS};
  static const int unused[] = {0, 1, 2, 4, 33, 63};
  for (size_t i = 0; i < sizeof unused / sizeof *unused; i++)
    refuse_one(WIRE_REFUSED_MALFORMED, pass, unused[i]);
  struct wire_request other = pass;
  other.nonce = 1;
  refuse_one(WIRE_REFUSED_NONCE, other, -1);
  other = pass;
  other.number = UINT64_MAX; /* that of the ATTACH again */
  refuse_one(WIRE_REFUSED_NUMBER, other, -1);
  other.number = 1;
  refuse_one(WIRE_REFUSED_NUMBER, other, -1);
  other = pass;
  other.argument = 4;
  refuse_one(WIRE_REFUSED_RANGE, other, -1);
  refuse_one(WIRE_REFUSED_RANGE, (struct wire_request){.kind = WIRE_ACKNOWLEDGE, .part = 1}, -1);
  refuse_one(WIRE_REFUSED_RANGE, (struct wire_request){.kind = WIRE_ACKNOWLEDGE, .part = 2}, -1);
  refuse_one(WIRE_REFUSED_ORDER, (struct wire_request){.kind = WIRE_ATTACH, .part = 1, .argument = 1}, -1);
  refuse_one(WIRE_REFUSED_ROLE, (struct wire_request){.kind = WIRE_HOLD_GATE, .argument = 1}, -1);
  refuse_one(WIRE_REFUSED_MALFORMED, (struct wire_request){.kind = 8}, -1);
}

static void stop_line_until_resumed(void) {
  struct keeper_conf conf = rig_conf();
  conf.gate.fail_safe = TRACK_FAIL_SAFE_STOP_LINE;
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_run(&rig, 2300);
  CHECK(rig_count(&rig, TRACK(TRACK_STOP_LINE)) == 1 && last_ready(WIRE_DOUBT_STOPPED));
  rig_send(&rig, WIRE_RESUME, 0, 0);
  CHECK(last_ready(0));
}

static void an_empty_belt_ends_doubts(void) {
  struct keeper_conf conf = rig_conf();
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_attach(&rig, 1);
  rig_send(&rig, WIRE_RESUME, 0, 0);
  CHECK(last_ready(WIRE_DOUBT_START));
  rig_edge(&rig, KEEPER_TRIGGER, 1005);
  rig_send(&rig, WIRE_RESUME, 0, 1);
  CHECK(last_ready(WIRE_DOUBT_START));
  rig_start(&rig, &conf, 1100);
  rig_attach(&rig, 1);
  rig_send(&rig, WIRE_RESUME, 0, 1);
  CHECK(last_ready(0));
}

static void late_hosts_are_doubted(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_run(&rig, 2099);
  rig.slow = 4; /* each output takes 4 ns, and 3 are allowed */
  rig_tick(&rig, 2100);
  CHECK(rig_heard(&rig, WIRE_FAULT, 0)->code == WIRE_FAULT_GATE_LATE && rig_heard(&rig, WIRE_FAULT, 0)->value == 4);
  CHECK(last_ready(WIRE_DOUBT_LATE));
  rig.slow = 0;
  rig_run(&rig, 2400);
  CHECK(last_ready(0));
  rig_edge(&rig, KEEPER_TRIGGER, 2500);
  rig_run(&rig, 2599);
  rig_tick(&rig, 2630); /* the window is over */
  CHECK(rig_count(&rig, TRACK(TRACK_MISSED_PULSE)) == 1 && last_ready(WIRE_DOUBT_LATE));
  CHECK(rig_heard(&rig, TRACK(TRACK_CLOSED), 1)->action == TRACK_ACTION_MISSED);
  rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
  rig_run(&rig, 2900);
  CHECK(last_ready(0));
  keeper_edge(&rig.keeper, KEEPER_TRIGGER, 2890, true, 0); /* 10 too late to be placed rightly */
  rig_tick(&rig, 2900);
  CHECK(last_ready(WIRE_DOUBT_LATE));
}

static void chips_go_and_come(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_edge(&rig, KEEPER_TRIGGER, 2050);
  rig_run(&rig, 2110);
  CHECK(rig.levels[KEEPER_GATE]);
  keeper_chip_lost(&rig.keeper, 2111);
  rig_settle(&rig);
  CHECK(rig_count(&rig, TRACK(TRACK_CLOSED)) == 2);
  CHECK(rig_heard(&rig, TRACK(TRACK_CLOSED), 1)->action == TRACK_ACTION_ABORTED);
  CHECK(rig_heard(&rig, WIRE_FAULT, 0)->code == WIRE_FAULT_CHIP_LOST);
  memset(rig.levels, 0, sizeof rig.levels); /* as the lines are when they are claimed again */
  keeper_chip_back(&rig.keeper, 2200);
  rig_settle(&rig);
  CHECK(last_ready(WIRE_DOUBT_START));
  rig_edge(&rig, KEEPER_TRIGGER, 2210);
  CHECK(rig_heard(&rig, TRACK(TRACK_TRIGGER), 2)->part == 3);
  rig_run(&rig, 2310);
  CHECK(rig.levels[KEEPER_GATE]);
  rig_run(&rig, 2320);
  CHECK(last_ready(0));
}

static void stops_inactive(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_run(&rig, 2110);
  keeper_stop(&rig.keeper, 2111);
  rig_settle(&rig);
  for (int i = 0; i < KEEPER_OUTPUTS; i++)
    CHECK(!rig.levels[i]);
  CHECK(refused(WIRE_REFUSED_STOPPING) && rig_count(&rig, TRACK(TRACK_CLOSED)) == 1);
  rig_edge(&rig, KEEPER_TRIGGER, 2200);
  rig_run(&rig, 2400);
  CHECK(!rig.levels[KEEPER_GATE]);
  rig_connect(&rig);
  CHECK(!rig.keeper.session.connected);
}

static void full_ring_and_slow_agent(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  rig_disconnect(&rig);
  for (int i = 0; i < RIG_RECORDS + 10; i++)
    rig_edge(&rig, KEEPER_TRIGGER, 2000 + 200 * (int64_t)i);
  rig_run(&rig, rig.now + 200);
  rig_forget(&rig);
  rig.mute = true;
  rig_attach(&rig, 1);
  CHECK(keeper_next(&rig.keeper) > rig.now);
  rig.mute = false;
  rig_settle(&rig);
  const struct wire_event *lost = rig_heard(&rig, WIRE_LOST, 0);
  CHECK(lost->part == 1 && lost->value == 10 && last_ready(WIRE_DOUBT_RING));
  CHECK(rig_heard(&rig, WIRE_INTERRUPTED, 0)->part == 11);
  CHECK(rig.keeper.session.backlog == RIG_RECORDS + 11);
  rig_send(&rig, WIRE_ACKNOWLEDGE, 10, 0);
  CHECK(last_ready(0));
  rig.mute = true;
  int64_t at = rig.now;
  for (int i = 1; i < 400 && rig.keeper.session.connected; i++) {
    rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
    rig_edge(&rig, KEEPER_TRIGGER, at + 200 * (int64_t)i);
  }
  CHECK(!rig.keeper.session.connected && !rig.levels[KEEPER_READY]);
  CHECK(refused(WIRE_REFUSED_SLOW));
}

static void lost_edges_of_the_photo_eye(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  keeper_edge(&rig.keeper, KEEPER_BIN_FULL, 2000, true, 1);
  rig_settle(&rig);
  CHECK(last_ready(WIRE_DOUBT_START) && rig_heard(&rig, WIRE_INPUT, 0)->code == KEEPER_BIN_FULL);
}

void test_rules(void) {
  start_and_ready();
  verdicts_move_the_gate();
  death_and_reattach();
  restart_of_the_gatekeeper();
  numbers_have_an_offset();
  hostile_bytes();
  stop_line_until_resumed();
  an_empty_belt_ends_doubts();
  late_hosts_are_doubted();
  chips_go_and_come();
  stops_inactive();
  full_ring_and_slow_agent();
  lost_edges_of_the_photo_eye();
}
