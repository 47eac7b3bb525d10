/* Waking up in time for a gate: when it is to move, and how long before that to be awake. */
#include "tests.h"

#include "../early.h"

static struct rig rig;

/* --- when a gate is to move --- */

static int64_t expected_ns;
static int moves;

static void on_output(struct rig *moved, enum keeper_output output, bool active) {
  (void)active;
  if (output != KEEPER_GATE && output != KEEPER_GATE2) return;
  CHECK(moved->now == expected_ns);
  moves++;
}

/* As rig_run, and sees that each move was foretold. */
static void run(int64_t until) {
  for (int64_t next = keeper_next(&rig.keeper); next <= until; next = keeper_next(&rig.keeper)) {
    expected_ns = keeper_next_gate(&rig.keeper);
    CHECK(expected_ns >= next);
    rig_tick(&rig, next);
  }
}

/* Parts far enough apart, all verdicts and none, at one gate and at two. */
static void moves_are_foretold(int64_t gate2_delay) {
  struct keeper_conf conf = rig_conf();
  conf.gate2_delay = gate2_delay;
  conf.gate2_width = conf.gate.width_ns;
  conf.gate2_recovery = conf.gate.recovery_ns;
  conf.outputs[KEEPER_GATE2] = gate2_delay != 0;
  rig_make_ready(&rig, &conf);
  rig.on_output = on_output;
  moves = 0;
  for (uint64_t part = 1; part <= 40; part++) {
    int64_t at = 2000 + 37 * (int64_t)part;
    run(at - 1);
    rig_edge(&rig, KEEPER_TRIGGER, at);
    if (part % 4 != 0) rig_send(&rig, WIRE_VERDICT, part, (uint8_t)(part % 4));
    rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
  }
  run(6000);
  CHECK(moves == 2 * 30 && keeper_next_gate(&rig.keeper) == TRACK_NEVER);
}

static void verdicts_change_what_is_foretold(void) {
  struct keeper_conf conf = rig_conf();
  rig_make_ready(&rig, &conf);
  CHECK(keeper_next_gate(&rig.keeper) == TRACK_NEVER);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  rig_edge(&rig, KEEPER_TRIGGER, 2040);
  CHECK(keeper_next_gate(&rig.keeper) == 2100);
  rig_send(&rig, WIRE_VERDICT, 1, TRACK_VERDICT_PASS);
  CHECK(keeper_next_gate(&rig.keeper) == 2140);
  rig_run(&rig, 2145);
  CHECK(rig.levels[KEEPER_GATE] && keeper_next_gate(&rig.keeper) == 2160);
  rig_run(&rig, 3000);
  for (int64_t at = 3000; at <= 3030; at += 15)
    rig_edge(&rig, KEEPER_TRIGGER, at);
  rig_send(&rig, WIRE_VERDICT, 3, TRACK_VERDICT_PASS);
  rig_send(&rig, WIRE_VERDICT, 4, TRACK_VERDICT_PASS);
  rig_run(&rig, 3116); /* 4 is ejected for 5, which has no verdict, and would be from 3115 */
  CHECK(!rig.levels[KEEPER_GATE] && keeper_next_gate(&rig.keeper) == 3120);
  rig_run(&rig, 3120);
  CHECK(rig.levels[KEEPER_GATE]);
  conf.encoder = ENCODER_SINGLE;
  conf.gate.base = TRACK_BASE_ENCODER;
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_edge(&rig, KEEPER_TRIGGER, 2000);
  CHECK(keeper_next_gate(&rig.keeper) == TRACK_NEVER);
}

/* --- how long before that to be awake --- */

#define MS INT64_C(1000000)

static struct early early;

static void the_lead_follows_late_wakes(void) {
  early_init(&early, 5 * MS, 0);
  CHECK(early_lead(&early, 0) == 0);
  early_woke(&early, 100 * MS, 100 * MS + 700000);
  CHECK(early_lead(&early, 101 * MS) == 700000);
  early_woke(&early, 200 * MS, 199 * MS); /* something else woke it */
  CHECK(early_lead(&early, 200 * MS) == 700000);
  early_woke(&early, 300 * MS, 400 * MS);
  CHECK(early_lead(&early, 400 * MS) == 5 * MS);
  early_woke(&early, 500 * MS, 500 * MS);
  CHECK(early_lead(&early, 500 * MS) < 5 * MS && early_lead(&early, 500 * MS) > 4990000);
  for (int i = 0; i < 100000; i++)
    early_woke(&early, 600 * MS, 600 * MS + 50000);
  CHECK(early_lead(&early, 600 * MS) >= 50000 && early_lead(&early, 600 * MS) < 55000);
}

static void nothing_configured_is_never_early(void) {
  early_init(&early, 0, 0);
  early_woke(&early, 1 * MS, 9 * MS);
  CHECK(early_lead(&early, 10 * MS) == 0);
}

/* 200 moves a second on a computer that wakes late: over any time a tenth and what may be looked at once. */
static void looking_has_its_bound(void) {
  early_init(&early, 5 * MS, 0);
  early_woke(&early, 0, 9 * MS);
  int64_t spent_ns = 0;
  for (int64_t now = 0; now < 10000 * MS; now += 5 * MS) {
    int64_t lead_ns = early_lead(&early, now);
    CHECK(lead_ns >= 0 && lead_ns <= 5 * MS);
    early_spent(&early, lead_ns);
    spent_ns += lead_ns;
    CHECK(spent_ns <= now / 10 + 10 * MS);
  }
  CHECK(spent_ns > 990 * MS);
  early_spent(&early, 50 * MS);
  CHECK(early_lead(&early, 10000 * MS) == 0);
  CHECK(early_lead(&early, 20000 * MS) == 5 * MS);
}

void test_early(void) {
  moves_are_foretold(0);
  moves_are_foretold(150);
  verdicts_change_what_is_foretold();
  the_lead_follows_late_wakes();
  nothing_configured_is_never_early();
  looking_has_its_bound();
}
