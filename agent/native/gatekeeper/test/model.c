/*
 * A bounded model check: every order of edges, verdicts, records that must be refused, deaths of the agent and of the
 * gatekeeper, attaches, heartbeats, lost lines and ticks, with up to three parts, on the keeper itself. Time
 * is 0, 1, 2 ...; at each time any inputs come, then the host ticks, and the gate and READY stand so until the next
 * time. States seen before are not looked at again. What must hold (the numbers are those of the design's invariants):
 *  2  no part is ejected for another's verdict unless flagged as too close; a late verdict moves nothing
 *  3  a part without a verdict by its deadline is ejected, agent or no agent
 *  5  no part that nobody sorts passes while READY is on; READY is on only while an agent heartbeats
 * Times are told apart only as seen from now, so the search ends by itself. A fault is that the lines or the gatekeeper
 * go. Usage: model [PARTS [FAULTS]]. Prints how many states there are.
 */
#include "../core/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS 3
#define DELAY INT64_C(6)
#define WIDTH 2
#define RECOVERY 1
#define LEAD 1
#define HEARTBEAT 4
#define DEPTH_MAX 20000
#define SEEN_MAX ((size_t)1 << 25)

#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))

/* A part as it really is. */
struct body {
  int64_t at;
  uint64_t number;  /* as told; 0: never counted */
  uint8_t verdict;  /* that counts */
  bool unsorted;    /* nobody has it in hand: the lines or the gatekeeper went, or it was never counted */
  bool gate_at_all; /* active at some time, all the time, while it was at the gate */
  bool gate_always;
};

struct world {
  struct keeper keeper;
  uint64_t ring[(PARTS_CAPACITY_MIN + 2) * 8];
  uint64_t number;
  int64_t now;
  int64_t ticked; /* time of the last tick */
  int64_t heard;
  int64_t last_trigger;
  uint8_t count;
  uint8_t attached_from; /* bodies from here on are the agent's */
  uint8_t faults;        /* lines or gatekeeper gone */
  bool attached;
  bool chip_lost;
  bool levels[KEEPER_OUTPUTS];
  struct body bodies[PARTS];
};

static struct world world;
static struct world stack[DEPTH_MAX];
static const char *path[DEPTH_MAX];
static int depth;
static int deepest;
static long parts_max = PARTS;
static long faults_max = 1;
static uint64_t *seen;
static uint64_t states;
static uint64_t steps;

_Noreturn static void fail(const char *condition, int line) {
  (void)fprintf(stderr, "model.c:%d: not true: %s\nafter:", line, condition);
  for (int i = 0; i < depth; i++)
    (void)fprintf(stderr, " %s", path[i]);
  (void)fprintf(stderr, "\n");
  abort();
}

/* --- states --- */

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

static int64_t gate_from(const struct body *b) { return b->at + DELAY; }

static void mix_world(void) {
  mix((uint64_t)world.count << 32 | (uint64_t)world.faults << 16 | (uint64_t)(world.last_trigger == world.now) << 2 |
      (uint64_t)world.attached << 1 | (uint64_t)world.chip_lost);
  mix(world.ticked == world.now);
  if (world.attached) {
    mix(world.attached_from);
    mix_time(world.heard + HEARTBEAT <= world.now ? INT64_MIN : world.heard);
  }
  for (uint8_t i = 0; i < world.count; i++) {
    const struct body *b = &world.bodies[i];
    bool over = b->at + DELAY + WIDTH + RECOVERY < world.now; /* nor does it flag another */
    mix_time(over ? INT64_MIN : b->at);
    if (over) continue;
    mix((uint64_t)(b->number == 0) << 8 | (uint64_t)b->verdict << 3 | (uint64_t)b->unsorted << 2 |
        (uint64_t)b->gate_at_all << 1 | (uint64_t)b->gate_always);
  }
}

/* Is this state new? */
static bool note_state(void) {
  hash = 0x243f6a8885a308d3;
  mix_keeper(&world.keeper);
  mix_world();
  if (hash == 0) hash = 1;
  size_t place = (size_t)(hash >> 20) % SEEN_MAX;
  while (seen[place] != 0) {
    if (seen[place] == hash) return false;
    place = (place + 1) % SEEN_MAX;
  }
  CHECK(states < SEEN_MAX / 2);
  seen[place] = hash;
  states++;
  return true;
}

/* --- the host --- */

static void detach(void) { world.attached = false; }

static void settle(void) {
  struct keeper_action action;
  const uint8_t *bytes;
  while (keeper_take_action(&world.keeper, &action)) {
    if (action.kind == KEEPER_CLOSE) {
      keeper_disconnected(&world.keeper, world.now);
      detach();
    } else {
      world.levels[action.output] = action.active;
      keeper_applied(&world.keeper, &action, world.now);
    }
  }
  for (size_t n = keeper_pending(&world.keeper, &bytes); n > 0; n = keeper_pending(&world.keeper, &bytes))
    keeper_sent(&world.keeper, n, world.now);
}

static struct keeper_conf conf_of_model(void) {
  struct keeper_conf conf = {.gate = {.base = TRACK_BASE_TIME,
                                      .fail_safe = TRACK_FAIL_SAFE_EJECT,
                                      .too_close = TRACK_TOO_CLOSE_EJECT_NEIGHBOUR,
                                      .confirm = TRACK_CONFIRM_NONE,
                                      .delay_ns = DELAY,
                                      .width_ns = WIDTH,
                                      .recovery_ns = RECOVERY,
                                      .lead_ns = LEAD,
                                      .trigger_dead_ns = 1},
                             .heartbeat_ns = HEARTBEAT,
                             .late_ns = 1,
                             .gate_max_ns = 100};
  conf.outputs[KEEPER_GATE] = conf.outputs[KEEPER_READY] = true;
  return conf;
}

static void start(void) {
  struct keeper_conf conf = conf_of_model();
  memset(world.levels, 0, sizeof world.levels);
  detach();
  CHECK(keeper_init(&world.keeper, &conf, world.ring, sizeof world.ring, world.now) == NULL);
  settle();
}

static void send_bytes(struct wire_request request, int spoil) {
  uint8_t bytes[WIRE_BYTES];
  wire_encode_request(&request, bytes);
  bytes[40] = (uint8_t)(bytes[40] + spoil);
  keeper_bytes(&world.keeper, bytes, WIRE_BYTES, world.now);
  settle();
}

static void send_request(enum wire_request_kind kind, uint64_t part, uint8_t argument) {
  send_bytes(
      (struct wire_request){
          .kind = (uint8_t)kind, .argument = argument, .number = ++world.number, .nonce = 7, .part = part},
      0);
}

/* --- what may happen --- */

static void abandon(void) {
  for (uint8_t i = 0; i < world.count; i++) {
    if (world.now < gate_from(&world.bodies[i]) + WIDTH) world.bodies[i].unsorted = true;
  }
}

static bool do_trigger(int which) {
  (void)which;
  if (world.count == parts_max || world.last_trigger == world.now) return false;
  world.last_trigger = world.now;
  uint64_t number = world.chip_lost ? 0 : world.keeper.parts.next;
  world.bodies[world.count++] =
      (struct body){.at = world.now, .number = number, .gate_always = true, .unsorted = number == 0};
  keeper_edge(&world.keeper, KEEPER_TRIGGER, world.now, true, 0);
  settle();
  return true;
}

static bool do_verdict(int which) {
  struct body *b = &world.bodies[which / 2];
  uint8_t verdict = which % 2 == 0 ? TRACK_VERDICT_PASS : TRACK_VERDICT_REJECT;
  if (!world.attached || which / 2 >= world.count || b->number == 0) return false;
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
  if (!world.attached) return false;
  keeper_disconnected(&world.keeper, world.now);
  detach();
  settle();
  return true;
}

static bool do_attach(int which) {
  (void)which;
  if (world.attached) return false;
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
  if (!world.attached || world.heard == world.now) return false;
  world.heard = world.now;
  send_request(WIRE_HEARTBEAT, 0, 0);
  return true;
}

/* A pass for the last part: malformed, of another session, replayed; and a gate that may not be held. */
static bool do_hostile(int which) {
  if (!world.attached || world.count == 0) return false;
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
  if (world.faults == faults_max) return false;
  world.faults++;
  abandon();
  world.chip_lost = false;
  start();
  return true;
}

static bool do_chip(int which) {
  if (world.chip_lost != (which == 1) || (which == 0 && world.faults == faults_max)) return false;
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

static bool do_tick(int which) {
  (void)which;
  if (world.ticked == world.now) return false;
  world.ticked = world.now;
  keeper_tick(&world.keeper, world.now);
  settle();
  return true;
}

/* --- what must hold --- */

static bool is_flagged(uint8_t index) {
  for (uint8_t i = 0; i < world.count; i++) {
    int64_t apart = world.bodies[i].at - world.bodies[index].at;
    if (i != index && apart < WIDTH + RECOVERY && apart > -(WIDTH + RECOVERY)) return true;
  }
  return false;
}

static void look_at(uint8_t index) {
  struct body *b = &world.bodies[index];
  bool gate = world.levels[KEEPER_GATE];
  if (world.now < gate_from(b) || world.now >= gate_from(b) + WIDTH) return;
  b->gate_at_all = b->gate_at_all || gate;
  b->gate_always = b->gate_always && gate;
  CHECK(!(b->unsorted && world.levels[KEEPER_READY])); /* 5 */
  if (b->unsorted || world.now + 1 < gate_from(b) + WIDTH) return;
  if (b->verdict != TRACK_VERDICT_PASS) CHECK(b->gate_always);                        /* 3, and 2 */
  if (b->verdict == TRACK_VERDICT_PASS && !is_flagged(index)) CHECK(!b->gate_at_all); /* 2 */
}

static bool is_gate_for_somebody(void) {
  for (uint8_t i = 0; i < world.count; i++) {
    const struct body *b = &world.bodies[i];
    if (!b->unsorted && world.now >= gate_from(b) && world.now < gate_from(b) + WIDTH) return true;
  }
  return false;
}

/* As it stands from now to the next time. */
static void look(void) {
  for (uint8_t i = 0; i < world.count; i++)
    look_at(i);
  if (world.levels[KEEPER_GATE]) CHECK(is_gate_for_somebody() && !world.chip_lost);
  if (!world.levels[KEEPER_READY]) return;
  CHECK(world.attached && world.now < world.heard + HEARTBEAT && !world.chip_lost); /* 5 */
}

static bool do_advance(int which) {
  (void)which;
  if (world.ticked != world.now) return false;
  look();
  world.now++;
  return true;
}

/* --- the search --- */

struct choice {
  const char *name;
  bool (*act)(int which);
  int variants;
};

static const struct choice choices[] = {
    {"trigger", do_trigger, 1},     {"verdict", do_verdict, 2 * PARTS},
    {"death", do_death, 1},         {"attach", do_attach, 1},
    {"heartbeat", do_heartbeat, 1}, {"hostile", do_hostile, 4},
    {"kill", do_kill, 1},           {"chip", do_chip, 2},
    {"tick", do_tick, 1},           {"advance", do_advance, 1},
};

static void explore(void) {
  if (!note_state()) return;
  CHECK(depth < DEPTH_MAX);
  if (depth > deepest) deepest = depth;
  stack[depth] = world;
  for (size_t c = 0; c < sizeof choices / sizeof *choices; c++) {
    for (int which = 0; which < choices[c].variants; which++) {
      path[depth++] = choices[c].name;
      steps++;
      if (choices[c].act(which)) {
        explore();
        world = stack[depth - 1];
      }
      depth--;
    }
  }
}

int main(int argc, char **argv) {
  if (argc > 1) parts_max = strtol(argv[1], NULL, 10);
  if (argc > 2) faults_max = strtol(argv[2], NULL, 10);
  CHECK(parts_max >= 1 && parts_max <= PARTS && faults_max >= 0 && faults_max <= 3);
  seen = calloc(SEEN_MAX, sizeof *seen);
  CHECK(seen != NULL);
  world.last_trigger = -1;
  world.ticked = -1;
  start();
  /* Begin where the doubts of the start are over and all is well. */
  world.now = DELAY + WIDTH;
  (void)do_tick(0);
  (void)do_attach(0);
  CHECK(world.levels[KEEPER_READY]);
  explore();
  (void)printf("model: %ld parts, %ld faults: %llu states, %llu steps, at most %d deep\n", parts_max, faults_max,
               (unsigned long long)states, (unsigned long long)steps, deepest);
  free(seen);
  return 0;
}
