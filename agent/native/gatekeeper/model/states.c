/* What the model check takes for the same state. */
#include "model.h"

static uint64_t hash;

static void mix(uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  hash ^= hash >> 29;
}

/* A time as it is seen from now; what is long past is all the same. */
static void mix_time(int64_t at) { mix(at < world.now - 2 * DELAY ? (uint64_t)INT64_MAX : (uint64_t)(at - world.now)); }

static void mix_track(const struct track *t) {
  mix_time(t->now);
  mix_time(t->pulse_end + RECOVERY < world.now ? INT64_MIN : t->pulse_end);
  mix_time(t->window_end < world.now ? INT64_MIN : t->window_end);
  mix(t->oldest << 48 | t->window << 32 | t->undecided << 16 | t->next);
  mix((uint64_t)t->gate_active | (uint64_t)t->line_stopped << 1 | (uint64_t)t->stopped << 2);
  for (uint64_t part = t->oldest; part < t->next; part++) {
    const struct track_part *p = &t->parts[part & (TRACK_PARTS - 1)];
    mix_time(p->at);
    mix((uint64_t)p->verdict << 24 | (uint64_t)p->action << 16 | (uint64_t)p->cause << 8 | (uint64_t)p->too_close << 1 |
        (uint64_t)p->closed);
  }
}

static void mix_keeper(const struct keeper *k) {
  const struct session *s = &k->session;
  mix_time(k->now_ns);
  for (int i = 0; i < 3; i++)
    mix_time(k->doubt_until[i] <= world.now ? INT64_MIN : k->doubt_until[i]);
  for (int i = 0; i < KEEPER_OUTPUTS; i++)
    mix((uint64_t)k->outputs[i].wanted << 1 | (uint64_t)k->outputs[i].applied);
  mix((uint64_t)s->connected << 2 | (uint64_t)s->closing << 1 | (uint64_t)k->chip_lost);
  if (s->role != 0) {
    mix(s->attach_next);
    mix_time(s->heard_ns + HEARTBEAT <= world.now ? INT64_MIN : s->heard_ns);
  }
  mix_track(&k->gates[0].track);
}

static void mix_world(void) {
  mix((uint64_t)world.count << 32 | (uint64_t)world.faults << 16 | (uint64_t)(world.last_trigger == world.now) << 2 |
      (uint64_t)world.attached << 1 | (uint64_t)world.chip_lost);
  mix((uint64_t)world.waiting << 2 | (uint64_t)world.asleep << 1 | (uint64_t)(world.ticked == world.now));
  if (world.asleep) mix_time(world.ticked);
  if (world.attached) {
    mix(world.attached_from);
    mix_time(world.heard + HEARTBEAT <= world.now ? INT64_MIN : world.heard);
  }
  for (uint8_t i = 0; i < world.count; i++) {
    const struct body *b = &world.bodies[i];
    bool past = b->at + DELAY + WIDTH + RECOVERY < world.now; /* nor does it flag another */
    bool over = past && !b->wronged && i + world.waiting < world.count;
    mix_time(over ? INT64_MIN : b->at);
    if (over) continue;
    mix((uint64_t)(b->number == 0) << 8 | (uint64_t)b->slept << 7 | (uint64_t)b->wronged << 6 |
        (uint64_t)b->verdict << 3 | (uint64_t)b->unsorted << 2 | (uint64_t)b->gate_at_all << 1 |
        (uint64_t)b->gate_always);
  }
}

uint64_t hash_world(void) {
  hash = 0x243f6a8885a308d3;
  mix_keeper(&world.keeper);
  mix_world();
  return hash == 0 ? 1 : hash;
}
