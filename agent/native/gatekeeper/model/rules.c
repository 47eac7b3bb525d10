/* What must hold in the model check. */
#include "model.h"

static bool is_flagged(uint8_t index) {
  for (uint8_t i = 0; i < world.count; i++) {
    int64_t apart = world.bodies[i].at - world.bodies[index].at;
    if (i != index && apart < WIDTH + RECOVERY && apart > -(WIDTH + RECOVERY)) return true;
  }
  return false;
}

/* 2 and 3, at the end of the part's window. A gate that is late by no more than allowed leaves it some of its window.
 */
static bool is_wronged(uint8_t index) {
  const struct body *b = &world.bodies[index];
  if (b->verdict != TRACK_VERDICT_PASS) return b->slept ? !b->gate_at_all : !b->gate_always;
  return b->gate_at_all && !is_flagged(index);
}

static void look_at(uint8_t index) {
  struct body *b = &world.bodies[index];
  bool gate = world.levels[KEEPER_GATE];
  if (world.now < gate_from(b) || world.now >= gate_from(b) + WIDTH) return;
  b->gate_at_all = b->gate_at_all || gate;
  b->gate_always = b->gate_always && gate;
  b->slept = b->slept || world.asleep;
  CHECK(!(b->unsorted && world.levels[KEEPER_READY])); /* 5 */
  if (b->unsorted || world.now + 1 < gate_from(b) + WIDTH || !is_wronged(index)) return;
  CHECK(b->slept);
  b->wronged = world.asleep;
  CHECK(world.asleep || !world.levels[KEEPER_READY]);
}

static bool is_gate_for_somebody(void) {
  for (uint8_t i = 0; i < world.count; i++) {
    const struct body *b = &world.bodies[i];
    if (!b->unsorted && world.now >= gate_from(b) && world.now < gate_from(b) + WIDTH) return true;
  }
  return false;
}

void look(void) {
  for (uint8_t i = 0; i < world.count; i++)
    look_at(i);
  if (world.asleep) return;
  if (world.levels[KEEPER_GATE]) CHECK(is_gate_for_somebody() && !world.chip_lost);
  if (!world.levels[KEEPER_READY]) return;
  CHECK(world.attached && world.now < world.heard + HEARTBEAT && !world.chip_lost); /* 5 */
}

void look_after_tick(void) {
  for (uint8_t i = 0; i < world.count; i++) {
    struct body *b = &world.bodies[i];
    if (!b->wronged) continue;
    CHECK(!world.levels[KEEPER_READY]);
    const struct part_record *r = parts_get(&world.keeper.parts, b->number);
    if (b->verdict != TRACK_VERDICT_PASS) CHECK(r != NULL && r->closed && r->action == TRACK_ACTION_MISSED);
    b->wronged = false;
  }
}
