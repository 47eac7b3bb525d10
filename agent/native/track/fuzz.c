/*
 * Fuzzes the tracker: bytes become a calibration and calls, and what the tracker tells is held against what must be
 * true of every host, punctual or late, careful or hostile. Built with libFuzzer, ASan and UBSan by
 * agent/native/fuzz.ts.
 */
#include "track.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define CALLS 512 /* at most, so at most as many parts */

#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))

static void fail(const char *condition, int line) {
  (void)fprintf(stderr, "fuzz.c:%d: not true: %s\n", line, condition);
  abort();
}

/* What the events said of a part. */
struct seen {
  int64_t at;
  uint8_t verdict; /* the one that is to count */
  uint8_t action;  /* as resolved */
  bool too_close;
  bool closed;
};

struct host {
  const uint8_t *bytes;
  size_t size;
  struct track_calibration calibration;
  bool punctual;
  bool in_tick;
  bool stopped;
  bool gate_active;
  int64_t gate_off_at;
  uint64_t open;
  uint64_t parts;
  struct seen seen[CALLS];
};

static struct track tracker;
static struct host host;

static uint8_t byte(void) {
  if (host.size == 0) return 0;
  host.size--;
  return *host.bytes++;
}

static int64_t any_integer(void) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++)
    value = value << 8 | byte();
  return (int64_t)value;
}

/* --- what must be true --- */

static struct seen *seen_of(uint64_t part) {
  uint64_t index = part - host.calibration.first_part;
  CHECK(index < host.parts);
  return &host.seen[index];
}

static int64_t start_of(const struct seen *s) { return s->at + host.calibration.delay_ns; }

static int64_t end_of(const struct seen *s) { return start_of(s) + host.calibration.width_ns; }

static bool is_own(const struct seen *s) {
  if (s->verdict == TRACK_VERDICT_NONE) return host.calibration.fail_safe != TRACK_FAIL_SAFE_PASS;
  return s->verdict != TRACK_VERDICT_PASS;
}

static void on_trigger(const struct track_event *e) {
  CHECK(e->part == host.calibration.first_part + host.parts && !host.stopped);
  CHECK(host.parts < CALLS);
  host.seen[host.parts++] = (struct seen){.at = e->at};
  host.open++;
  CHECK(host.open <= TRACK_PARTS);
  CHECK(e->due == e->at + host.calibration.delay_ns - host.calibration.lead_ns);
}

static void on_too_close(const struct track_event *e) {
  struct seen *s = seen_of(e->part);
  CHECK(!s->too_close && s->action == TRACK_ACTION_NONE);
  s->too_close = true;
  int64_t apart = s->at - seen_of(e->neighbour)->at;
  if (apart < 0) apart = -apart;
  CHECK(apart < host.calibration.width_ns + host.calibration.recovery_ns);
}

/* Nothing that passes lies in the pulse, or the recovery, of an earlier part. */
static void check_reach(uint64_t index) {
  const struct seen *s = &host.seen[index];
  for (uint64_t i = 0; i < index; i++) {
    if (host.seen[i].action == TRACK_ACTION_EJECT) {
      CHECK(start_of(s) >= end_of(&host.seen[i]) + host.calibration.recovery_ns);
    }
  }
}

static void on_resolved(const struct track_event *e) {
  struct seen *s = seen_of(e->part);
  bool own = is_own(s);
  bool eject = e->action == TRACK_ACTION_EJECT;
  CHECK(s->action == TRACK_ACTION_NONE && (eject || e->action == TRACK_ACTION_PASS));
  CHECK(e->verdict == s->verdict && e->too_close == s->too_close);
  CHECK((e->cause == TRACK_CAUSE_TOO_CLOSE) == (eject != own));
  CHECK(eject == own || s->too_close);
  if (host.calibration.too_close == TRACK_TOO_CLOSE_ESCAPE) {
    CHECK(eject == (own && !s->too_close));
  } else {
    CHECK(eject || !own);
    if (!eject) check_reach(e->part - host.calibration.first_part);
  }
  s->action = e->action;
}

static void on_gate(const struct track_event *e, bool active) {
  CHECK(host.gate_active != active);
  host.gate_active = active;
  const struct seen *s = seen_of(e->part);
  if (!active) {
    host.gate_off_at = e->at;
    CHECK(host.stopped || e->at >= end_of(s));
    return;
  }
  CHECK(host.in_tick && !host.stopped);
  CHECK(s->action == TRACK_ACTION_EJECT && e->due >= start_of(s) && e->at >= e->due && e->at < end_of(s));
  for (uint64_t i = 0; i < host.parts; i++) {
    const struct seen *other = &host.seen[i];
    bool passes = other->action == TRACK_ACTION_PASS ||
                  (other->action == TRACK_ACTION_NONE && i < e->part - host.calibration.first_part);
    CHECK(!passes || e->at < start_of(other) || e->at >= end_of(other));
  }
}

static void on_closed(const struct track_event *e) {
  struct seen *s = seen_of(e->part);
  CHECK(!s->closed);
  s->closed = true;
  host.open--;
  if (e->action == TRACK_ACTION_ABORTED) {
    CHECK(host.stopped);
    return;
  }
  CHECK(!host.stopped && e->at >= end_of(s));
  CHECK(e->action == s->action || (e->action == TRACK_ACTION_MISSED && s->action == TRACK_ACTION_EJECT));
  if (!host.punctual) return;
  CHECK(e->action == s->action);
  if (e->action != TRACK_ACTION_PASS) return;
  CHECK(!host.gate_active && host.gate_off_at <= start_of(s) - host.calibration.recovery_ns);
}

static void on_event(const struct track_event *e) {
  CHECK(e->at == tracker.now);
  switch ((enum track_kind)e->kind) {
  case TRACK_TRIGGER: on_trigger(e); break;
  case TRACK_TOO_CLOSE: on_too_close(e); break;
  case TRACK_RESOLVED: on_resolved(e); break;
  case TRACK_GATE_ON: on_gate(e, true); break;
  case TRACK_GATE_OFF: on_gate(e, false); break;
  case TRACK_MISSED_PULSE: CHECK(!host.punctual && !host.gate_active); break;
  case TRACK_CLOSED: on_closed(e); break;
  case TRACK_CONFIRMED: CHECK(seen_of(e->part)->action == TRACK_ACTION_EJECT && !seen_of(e->part)->closed); break;
  case TRACK_STOP_LINE: CHECK(tracker.line_stopped); break;
  case TRACK_TRIGGER_IGNORED:
  case TRACK_VERDICT_LATE:
  case TRACK_VERDICT_UNKNOWN:
  case TRACK_VERDICT_REPEATED:
  case TRACK_CONFIRM_UNEXPECTED: break;
  default: fail("a kind that exists", __LINE__);
  }
}

static void drain(void) {
  struct track_event event;
  while (track_take(&tracker, &event))
    on_event(&event);
  const struct track_counters *c = &tracker.counters;
  CHECK(c->events_lost == 0);
  CHECK(c->triggers == host.parts && c->triggers == c->ejected + c->passed + c->missed + c->aborted + host.open);
  CHECK(tracker.gate_active == host.gate_active);
  CHECK(tracker.oldest <= tracker.window && tracker.window <= tracker.undecided && tracker.undecided <= tracker.next);
}

/* --- calls --- */

static void tick(int64_t now) {
  host.in_tick = true;
  track_tick(&tracker, now);
  drain();
  host.in_tick = false;
  CHECK(track_next(&tracker) > tracker.now);
}

/* What is due after the end of time is never reached. */
static void tick_until(int64_t at) {
  while (host.punctual && track_next(&tracker) < at && tracker.now < TRACK_TIME_MAX) {
    tick(track_next(&tracker));
  }
}

/* A verdict counts when the part is there, still undecided, and has none yet: as the tracker must find it to be. */
static void give_verdict(uint64_t part, enum track_verdict verdict, int64_t at) {
  uint64_t index = part - host.calibration.first_part;
  struct seen before = {0};
  if (index < host.parts) before = host.seen[index];
  track_verdict(&tracker, part, verdict, at);
  bool real = verdict >= TRACK_VERDICT_PASS && verdict <= TRACK_VERDICT_REVIEW;
  bool counts = real && index < host.parts && before.action == TRACK_ACTION_NONE &&
                before.verdict == TRACK_VERDICT_NONE && !host.stopped &&
                tracker.now <= start_of(&before) - host.calibration.lead_ns;
  if (counts) host.seen[index].verdict = (uint8_t)verdict;
  drain();
}

/* Most calls come soon after the one before; some at any time at all. */
static int64_t next_time(uint8_t how) {
  if ((how & 0xf0) == 0xf0) return any_integer();
  if ((how & 0xf0) == 0xe0) return tracker.now + 8 * (int64_t)byte();
  if ((how & 0xf0) == 0xd0) return track_next(&tracker);
  return tracker.now + (how >> 4);
}

static void call(void) {
  uint8_t how = byte();
  int64_t at = next_time(how);
  tick_until(at);
  switch (how & 7) {
  case 0:
  case 1: track_trigger(&tracker, at); break;
  case 2:
  case 3: {
    uint8_t which = byte();
    give_verdict(tracker.next - 1 - (which >> 3), (enum track_verdict)(which & 7), at);
    return;
  }
  case 4: track_confirm(&tracker, at); break;
  case 5: tick(at); break;
  case 6: track_resume(&tracker); break;
  default:
    if (byte() < 250) break;
    host.stopped = true;
    track_stop(&tracker, at);
    CHECK(track_next(&tracker) == TRACK_NEVER);
  }
  drain();
}

static int64_t duration(uint8_t mode) { return mode == 0xff ? any_integer() : 1 + (byte() & 63); }

static void decode_calibration(struct track_calibration *c) {
  uint8_t mode = byte();
  uint8_t choice = byte();
  c->base = TRACK_BASE_TIME;
  c->fail_safe = choice & 3;
  c->too_close = choice >> 2 & 3;
  c->confirm = choice >> 4 & 3;
  host.punctual = choice >> 6 & 1;
  c->width_ns = duration(mode);
  c->recovery_ns = duration(mode);
  c->lead_ns = duration(mode);
  c->trigger_dead_ns = duration(mode);
  c->confirm_from_ns = duration(mode);
  c->confirm_to_ns = duration(mode);
  c->delay_ns = duration(mode);
  if (mode != 0xff) c->delay_ns += c->lead_ns + c->width_ns + c->recovery_ns - 2; /* sometimes one too short */
  c->first_part = mode == 0xff ? (uint64_t)any_integer() : 1 + (uint64_t)mode;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  host = (struct host){.bytes = bytes, .size = size, .gate_off_at = INT64_MIN};
  decode_calibration(&host.calibration);
  if (track_init(&tracker, &host.calibration) != TRACK_OK) return 0;
  for (int i = 0; i < CALLS && host.size > 0; i++)
    call();
  tick_until(TRACK_NEVER);
  tick(TRACK_TIME_MAX);
  tick(TRACK_TIME_MAX);
  return 0;
}
