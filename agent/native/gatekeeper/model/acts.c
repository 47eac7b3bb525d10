/* What may happen in the model check. */
#include "model.h"

#include <string.h>

static void abandon(void) {
  for (uint8_t i = 0; i < world.count; i++) {
    if (world.now < gate_from(&world.bodies[i]) + WIDTH) world.bodies[i].unsorted = true;
  }
}

static bool do_trigger(int which) {
  (void)which;
  if (world.count == parts_max || world.last_trigger == world.now) return false;
  world.last_trigger = world.now;
  uint64_t number = world.chip_lost ? 0 : world.keeper.parts.next + world.waiting;
  world.bodies[world.count++] =
      (struct body){.at = world.now, .number = number, .gate_always = true, .unsorted = number == 0};
  world.waiting = (uint8_t)(world.waiting + world.asleep);
  if (world.asleep) return true;
  keeper_edge(&world.keeper, KEEPER_TRIGGER, world.now, true, 0);
  settle();
  return true;
}

static bool do_verdict(int which) {
  struct body *b = &world.bodies[which / 2];
  uint8_t verdict = which % 2 == 0 ? TRACK_VERDICT_PASS : TRACK_VERDICT_REJECT;
  if (world.asleep || !world.attached || which / 2 >= world.count || b->number == 0) return false;
  int64_t deadline = gate_from(b) - LEAD;
  bool in_time = world.now <= deadline && world.ticked < deadline;
  bool counts = in_time && which / 2 >= world.attached_from && b->verdict == 0 && !b->unsorted;
  if (counts) b->verdict = verdict;
  send_request(WIRE_VERDICT, b->number, verdict);
  CHECK(world.attached);
  return true;
}

static bool do_death(int which) {
  (void)which;
  if (world.asleep || !world.attached) return false;
  keeper_disconnected(&world.keeper, world.now);
  detach();
  settle();
  return true;
}

bool do_attach(int which) {
  (void)which;
  if (world.asleep || world.attached) return false;
  world.number = 0;
  keeper_connected(&world.keeper, 7, world.now);
  settle();
  world.attached = true;
  world.attached_from = world.count;
  world.heard = world.now;
  send_request(WIRE_ATTACH, 1, WIRE_ROLE_AGENT);
  CHECK(world.attached);
  return true;
}

static bool do_heartbeat(int which) {
  (void)which;
  if (world.asleep || !world.attached || world.heard == world.now) return false;
  world.heard = world.now;
  send_request(WIRE_HEARTBEAT, 0, 0);
  return true;
}

/* A pass for the last part: malformed, of another session, replayed; and a gate that may not be held. */
static bool do_hostile(int which) {
  if (world.asleep || !world.attached || world.count == 0) return false;
  struct wire_request pass = {.kind = WIRE_VERDICT,
                              .argument = TRACK_VERDICT_PASS,
                              .number = world.number + 1,
                              .nonce = 7,
                              .part = world.count};
  if (which == 1) pass.nonce = 8;
  if (which == 2) pass.number = world.number;
  if (which == 3)
    pass = (struct wire_request){.kind = WIRE_HOLD_GATE, .argument = 1, .number = pass.number, .nonce = 7};
  send_bytes(pass, which == 0 ? 1 : 0);
  CHECK(!world.attached);
  return true;
}

static bool do_kill(int which) {
  (void)which;
  if (world.asleep || world.faults == faults_max) return false;
  world.faults++;
  abandon();
  world.chip_lost = false;
  start();
  return true;
}

static bool do_chip(int which) {
  bool may = world.chip_lost == (which == 1) && (which == 1 || world.faults < faults_max);
  if (world.asleep || !may) return false;
  world.faults = (uint8_t)(world.faults + (which == 0));
  world.chip_lost = which == 0;
  if (which == 0) {
    abandon();
    keeper_chip_lost(&world.keeper, world.now);
    memset(world.levels, 0, sizeof world.levels);
  } else {
    keeper_chip_back(&world.keeper, world.now);
  }
  settle();
  return true;
}

/* From here on the host does nothing, edges wait in the kernel, outputs stay as they are. */
static bool do_sleep(int which) {
  (void)which;
  if (world.asleep || world.chip_lost || world.ticked != world.now || world.faults == faults_max) return false;
  world.faults++;
  world.asleep = true;
  return true;
}

/* It reads its clock and takes all edges that wait; what else came, and the tick, is to follow at this time. */
static bool do_wake(int which) {
  (void)which;
  if (!world.asleep || world.ticked == world.now) return false;
  for (uint8_t i = (uint8_t)(world.count - world.waiting); i < world.count; i++)
    keeper_edge(&world.keeper, KEEPER_TRIGGER, world.bodies[i].at, true, 0);
  world.waiting = 0;
  world.asleep = false;
  return true;
}

bool do_tick(int which) {
  (void)which;
  if (world.asleep || world.ticked == world.now) return false;
  world.ticked = world.now;
  keeper_tick(&world.keeper, world.now);
  settle();
  look_after_tick();
  return true;
}

static bool do_advance(int which) {
  (void)which;
  bool may = world.asleep ? world.now - world.ticked < SLEEP_MAX : world.ticked == world.now;
  if (!may) return false;
  look();
  world.now++;
  return true;
}

const struct choice choices[CHOICES] = {
    {"trigger", do_trigger, 1},     {"verdict", do_verdict, 2 * PARTS},
    {"death", do_death, 1},         {"attach", do_attach, 1},
    {"heartbeat", do_heartbeat, 1}, {"hostile", do_hostile, 4},
    {"kill", do_kill, 1},           {"chip", do_chip, 2},
    {"sleep", do_sleep, 1},         {"wake", do_wake, 1},
    {"tick", do_tick, 1},           {"advance", do_advance, 1},
};
