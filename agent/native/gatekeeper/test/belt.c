/*
 * Encoder mode against a belt that knows the truth: parts of random distance on a belt of random speed that stops and
 * goes back, an encoder, a photo-eye and a gate in counts, an agent that answers late or not at all. Positions are in
 * quarters of a count, so that parts lie between counts.
 *
 * A part is ejected when the gate is active all the while its middle is at the gate, and harmed when it is so at any
 * time meanwhile.
 */
#include "tests.h"

#include <stdio.h>
#include <string.h>

#define FINE INT64_C(4)
#define FINE_U UINT64_C(4)
#define LENGTH (8 * FINE)
#define AT_GATE_FROM (101 * FINE)
#define AT_GATE_TO (109 * FINE)
#define TOGETHER_NS 4000 /* between two edges that one interrupt took */
#define NEAR 64          /* parts between photo-eye and gate, and those just past it: what may meet either again */

struct part {
  int64_t place; /* of the belt, when its front is at the photo-eye */
  uint64_t number;
  uint8_t verdict; /* what the agent says, and 0: nothing */
  int64_t answer_ns;
  bool told;  /* the verdict went out */
  bool late;  /* and came too late */
  bool close; /* flagged */
  bool counted;
  bool entered;
  bool whole; /* the gate was active all the time at the gate so far */
  bool judged;
  bool gone;
};

struct figures {
  uint64_t parts;
  uint64_t ejected;
  uint64_t passed;
  uint64_t wrong_ready; /* ejected for another part's verdict, with READY on */
  uint64_t wrong;       /* and with READY off */
  uint64_t escaped_ready;
  uint64_t escaped;
  uint64_t ghosts;
  uint64_t lost;
  uint64_t unnoticed;
  uint64_t reversals;
  uint64_t stops;
  uint64_t ready_parts;
};

struct belt {
  int64_t x;
  int64_t furthest;
  int64_t ns;
  int64_t beat_ns;
  int64_t ns_per_step; /* of the speed now */
  int64_t steps;       /* left of this stretch */
  bool forward;
  bool slow_end;
  int phase;
  bool eye;
  int drop;        /* edges to be lost now */
  int since_lost;  /* counts since, 0: none to notice */
  int one_lost_in; /* 0: never */
  bool swaps;      /* an edge of B is not lost then, but waits for the interrupt of the next edge, and comes after it */
  bool held;       /* one waits */
  uint64_t first;  /* physical parts [first, next) are looked at */
  uint64_t next;
  int64_t next_place;
  struct part parts[NEAR];
};

static struct rig rig;
static struct belt belt;
static struct figures figures;
static uint64_t seed;

static uint64_t any(uint64_t below) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (seed >> 11) % below;
}

static struct part *part_at(uint64_t index) { return &belt.parts[index % NEAR]; }

/* --- the agent --- */

static struct part *numbered(uint64_t number) {
  for (uint64_t i = belt.first; i < belt.next; i++) {
    if (part_at(i)->number == number) return part_at(i);
  }
  return NULL;
}

/* The part whose front is at the photo-eye now. */
static struct part *part_at_eye(void) {
  for (uint64_t i = belt.first; i < belt.next; i++) {
    struct part *p = part_at(i);
    if (!p->gone && belt.x >= p->place && belt.x <= p->place + LENGTH) return p;
  }
  return NULL;
}

static void on_trigger(const struct wire_event *e) {
  struct part *p = part_at_eye();
  if (p == NULL || p->counted) {
    figures.ghosts++;
    return;
  }
  p->counted = true;
  p->number = e->part;
  p->answer_ns = e->at_ns + 100000 + (int64_t)any(40000000);
}

static void on_record(const struct wire_event *e) {
  if (e->kind == WIRE_TRACK + TRACK_TRIGGER) on_trigger(e);
  if (e->kind == WIRE_TRACK + TRACK_CLOSED) rig_send(&rig, WIRE_ACKNOWLEDGE, e->part, 0);
  struct part *p = e->part == 0 ? NULL : numbered(e->part);
  if (p == NULL) return;
  if (e->kind == WIRE_TRACK + TRACK_TOO_CLOSE) p->close = true;
  if (e->kind == WIRE_TRACK + TRACK_VERDICT_LATE) p->late = true;
}

static void listen(void) {
  for (size_t i = 0; i < rig.log_count; i++)
    on_record(&rig.log[i]);
  rig_forget(&rig);
}

static void answer(void) {
  for (uint64_t i = belt.first; i < belt.next; i++) {
    struct part *p = part_at(i);
    if (!p->counted || p->told || p->verdict == 0 || p->answer_ns > belt.ns) continue;
    p->told = true;
    rig_send(&rig, WIRE_VERDICT, p->number, p->verdict);
  }
  if (belt.ns - belt.beat_ns < 200000000) return;
  belt.beat_ns = belt.ns;
  rig_send(&rig, WIRE_HEARTBEAT, 0, 0);
}

/* --- what happens at the gate --- */

static bool is_to_pass(const struct part *p) { return p->told && !p->late && p->verdict == TRACK_VERDICT_PASS; }

static void judge(struct part *p) {
  bool ready = rig.levels[KEEPER_READY];
  p->judged = true;
  figures.ready_parts += ready;
  if (p->whole) {
    p->gone = true;
    figures.ejected++;
    return;
  }
  figures.passed++;
  if (is_to_pass(p) || p->close) return;
  figures.escaped += !ready;
  figures.escaped_ready += ready;
}

static void look_at_gate(struct part *p) {
  int64_t place = belt.x - p->place;
  bool active = rig.levels[KEEPER_GATE];
  if (place < AT_GATE_FROM || place >= AT_GATE_TO) {
    if (p->entered && !p->judged && place >= AT_GATE_TO) judge(p);
    return;
  }
  if (!p->entered) p->whole = true;
  p->entered = true;
  if (!active) p->whole = false;
  if (!active || p->close || !is_to_pass(p)) return;
  figures.wrong_ready += rig.levels[KEEPER_READY];
  figures.wrong += !rig.levels[KEEPER_READY];
}

static void look(void) {
  for (uint64_t i = belt.first; i < belt.next; i++) {
    if (!part_at(i)->gone) look_at_gate(part_at(i));
  }
}

/* --- the belt --- */

static void place_parts(void) {
  while (belt.next_place <= belt.x + FINE) {
    if (belt.next - belt.first == NEAR) belt.first++;
    uint64_t kind = any(100);
    uint8_t verdict = kind < 65 ? TRACK_VERDICT_PASS : TRACK_VERDICT_REJECT;
    *part_at(belt.next++) = (struct part){.place = belt.next_place, .verdict = kind < 97 ? verdict : 0};
    uint64_t apart = any(20) == 0 ? 12 * FINE_U + any(4 * FINE_U) : 17 * FINE_U + any(40 * FINE_U);
    belt.next_place += (int64_t)apart;
    figures.parts++;
  }
}

static void tick(void) {
  rig_tick(&rig, belt.ns);
  listen();
  answer();
  rig_tick(&rig, belt.ns);
  listen();
}

/* After a loss: whether READY goes off within three more edges. */
static void await_notice(void) {
  if (belt.since_lost == 0) return;
  rig_settle(&rig);
  if (!rig.levels[KEEPER_READY]) {
    belt.since_lost = 0;
  } else if (++belt.since_lost > 3) {
    figures.unnoticed++;
    belt.since_lost = 0;
  }
}

/* Whether this edge does not come, or not now. */
static bool is_withheld(enum keeper_input line) {
  bool may = belt.one_lost_in > 0 && belt.drop == 0 && belt.since_lost == 0 && !belt.held;
  if (may && (!belt.swaps || line == KEEPER_ENCODER_B) && any((uint64_t)belt.one_lost_in) == 0) {
    figures.lost++;
    belt.held = belt.swaps;
    if (belt.held) return true;
    belt.drop = 1 + (int)any(3);
  }
  if (belt.drop == 0) return false;
  belt.drop--;
  belt.since_lost = 1;
  return true;
}

static void send_edge(void) {
  bool was_a = belt.phase == 1 || belt.phase == 2;
  belt.phase = (belt.phase + (belt.forward ? 1 : 3)) % 4;
  bool a = belt.phase == 1 || belt.phase == 2;
  bool b = belt.phase >= 2;
  enum keeper_input line = a != was_a ? KEEPER_ENCODER_A : KEEPER_ENCODER_B;
  if (is_withheld(line)) return;
  keeper_edge(&rig.keeper, line, belt.held ? belt.ns - TOGETHER_NS : belt.ns, a != was_a ? a : b, 0);
  if (belt.held) {
    keeper_edge(&rig.keeper, KEEPER_ENCODER_B, belt.ns, b, 0);
    belt.since_lost = 1;
  }
  belt.held = false;
  await_notice();
}

static void step(void) {
  int64_t before = belt.x;
  belt.ns += belt.ns_per_step;
  belt.x += belt.forward ? 1 : -1;
  int64_t boundary = belt.forward ? belt.x : before;
  rig.now = belt.ns;
  if (boundary % FINE == 0) send_edge();
  place_parts();
  bool eye = part_at_eye() != NULL;
  if (eye != belt.eye) keeper_edge(&rig.keeper, KEEPER_TRIGGER, belt.ns, eye, 0);
  belt.eye = eye;
  if (boundary % FINE == 0 || eye) tick();
  look();
}

static void stand(int64_t ns) {
  figures.stops++;
  for (int64_t end = belt.ns + ns; belt.ns < end;) {
    int64_t next = keeper_next(&rig.keeper);
    belt.ns += 20000000;
    if (next > rig.now && next < belt.ns) belt.ns = next;
    rig.now = belt.ns;
    tick();
    look();
  }
}

/* Mostly on, at some speed up to 10,000 counts a second; now and then a stop, a little back, or a long way back. */
static void begin_stretch(bool may_lose) {
  uint64_t kind = any(100);
  belt.ns_per_step = (int64_t)(25000 + any(500000));
  belt.forward = true;
  belt.steps = (int64_t)(FINE_U * (20 + any(300)));
  if (kind < 8) stand((int64_t)(1000000 + any(1500000000)));
  if (may_lose || kind < 8 || kind >= 20) return; /* edges are lost at speed: going on is what this one is about */
  figures.reversals++;
  belt.forward = false;
  belt.steps = (int64_t)(kind < 14 ? 1 + any(3 * FINE_U) : 1 + any(200 * FINE_U));
}

static struct keeper_conf conf_of_belt(void) {
  struct keeper_conf conf = rig_conf();
  conf.encoder = ENCODER_QUADRATURE;
  conf.gate.base = TRACK_BASE_ENCODER;
  conf.gate.delay_ns = 100;
  conf.gate.width_ns = 11;
  conf.gate.recovery_ns = 4;
  conf.gate.lead_ns = 5;
  conf.gate.trigger_dead_ns = 10;
  conf.heartbeat_ns = 1000000000;
  conf.late_ns = 1000000;
  conf.gate_max_ns = 300000000;
  return conf;
}

static void run(uint64_t parts, int one_lost_in, bool swaps) {
  struct keeper_conf conf = conf_of_belt();
  seed = 88172645463325252ULL;
  memset(&belt, 0, sizeof belt);
  memset(&figures, 0, sizeof figures);
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_attach(&rig, 1);
  belt.ns = rig.now;
  belt.next_place = 500 * FINE;
  belt.one_lost_in = one_lost_in;
  belt.swaps = swaps;
  while (figures.parts < parts) {
    begin_stretch(one_lost_in > 0);
    for (; belt.steps > 0; belt.steps--)
      step();
  }
}

static void print(const char *name) {
  const struct figures *f = &figures;
  (void)printf(
      "%s: %llu parts, %llu ejected, %llu passed, %llu past the gate with READY on, %llu stops, %llu reversals, "
      "%llu losses; wrong ejections %llu (READY off %llu), escapes %llu (READY off %llu), ghosts %llu, "
      "losses not noticed %llu\n",
      name, (unsigned long long)f->parts, (unsigned long long)f->ejected, (unsigned long long)f->passed,
      (unsigned long long)f->ready_parts, (unsigned long long)f->stops, (unsigned long long)f->reversals,
      (unsigned long long)f->lost, (unsigned long long)f->wrong_ready, (unsigned long long)f->wrong,
      (unsigned long long)f->escaped_ready, (unsigned long long)f->escaped, (unsigned long long)f->ghosts,
      (unsigned long long)f->unnoticed);
  (void)fflush(stdout);
}

static void lossy(const char *name, uint64_t parts, bool swaps) {
  run(parts / 4, 5000, swaps);
  print(name);
  CHECK(figures.wrong_ready == 0 && figures.escaped_ready == 0 && figures.unnoticed == 0);
  CHECK(figures.lost > parts / (swaps ? 2000 : 1000) && figures.ready_parts > parts / 16);
}

void test_belt(uint64_t parts) {
  run(parts, 0, false);
  print("belt");
  CHECK(figures.wrong_ready == 0 && figures.wrong == 0 && figures.escaped_ready == 0 && figures.ghosts == 0);
  CHECK(figures.ejected > parts / 4 && figures.ready_parts > parts / 4);
  lossy("belt that loses pulses", parts, false);
  lossy("belt whose pulses come in the wrong order", parts, true);
}
