#include "track.h"

_Static_assert((TRACK_PARTS & (TRACK_PARTS - 1)) == 0 && TRACK_PARTS >= 4, "TRACK_PARTS must be a power of two");

/* What comes due without any input. Each step takes the parts in order, so one cursor a step is enough. */
enum step { STEP_NONE, STEP_RESOLVE, STEP_FIRE, STEP_END_WINDOW, STEP_CLOSE };

struct due {
  enum step step;
  int64_t at;
};

static struct track_part *part_at(struct track *t, uint64_t part) { return &t->parts[part & (TRACK_PARTS - 1)]; }

static const struct track_part *peek(const struct track *t, uint64_t part) {
  return &t->parts[part & (TRACK_PARTS - 1)];
}

static int64_t start_of(const struct track *t, uint64_t part) { return peek(t, part)->at + t->calibration.delay_ns; }

static int64_t end_of(const struct track *t, uint64_t part) { return start_of(t, part) + t->calibration.width_ns; }

static int64_t deadline_of(const struct track *t, uint64_t part) { return start_of(t, part) - t->calibration.lead_ns; }

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

/* When the pulse for the part at the gate begins: never within the window of the part before. */
static int64_t pulse_start(const struct track *t) { return later(start_of(t, t->window), t->window_end); }

/* How long after its window's start an ejected part closes. */
static int64_t close_delay(const struct track_calibration *c) {
  return c->confirm == TRACK_CONFIRM_EJECTED ? later(c->width_ns, c->confirm_to_ns) : c->width_ns;
}

/* --- events --- */

static void emit(struct track *t, struct track_event event) {
  if (t->event_count == TRACK_EVENTS) {
    t->counters.events_lost++;
    return;
  }
  event.at = t->now;
  t->events[(t->event_first + t->event_count++) % TRACK_EVENTS] = event;
}

/* An event of an input, due when it came. */
static void emit_input(struct track *t, enum track_kind kind, uint64_t part, enum track_verdict verdict) {
  emit(t, (struct track_event){.kind = (uint8_t)kind, .part = part, .due = t->now, .verdict = (uint8_t)verdict});
}

static void emit_due(struct track *t, enum track_kind kind, uint64_t part, int64_t due) {
  emit(t, (struct track_event){.kind = (uint8_t)kind, .part = part, .due = due});
}

/* An event that tells all about the part. */
static void emit_part(struct track *t, enum track_kind kind, uint64_t part, int64_t due) {
  const struct track_part *p = peek(t, part);
  emit(t, (struct track_event){.kind = (uint8_t)kind,
                               .part = part,
                               .due = due,
                               .action = p->action,
                               .cause = p->cause,
                               .verdict = p->verdict,
                               .confirmation = p->confirmation,
                               .too_close = p->too_close});
}

static void stop_line(struct track *t, uint64_t part, enum track_cause cause) {
  if (t->line_stopped) return;
  t->line_stopped = true;
  t->counters.line_stops++;
  emit(t, (struct track_event){.kind = TRACK_STOP_LINE, .part = part, .due = t->now, .cause = (uint8_t)cause});
}

static void set_gate(struct track *t, bool active, uint64_t part, int64_t due) {
  t->gate_active = active;
  t->counters.pulses += active;
  emit_due(t, active ? TRACK_GATE_ON : TRACK_GATE_OFF, part, due);
}

/* --- the steps --- */

/* Is a flagged part ejected? */
static bool ejects_close(const struct track *t, uint64_t part, bool own) {
  if (t->calibration.too_close == TRACK_TOO_CLOSE_ESCAPE) return false;
  if (own || start_of(t, part) < t->pulse_end + t->calibration.recovery_ns) return true;
  for (uint64_t n = part + 1; n < t->next && start_of(t, n) < end_of(t, part); n++) {
    if (peek(t, n)->verdict != TRACK_VERDICT_PASS) return true;
  }
  return false;
}

static void resolve(struct track *t) {
  uint64_t part = t->undecided++;
  struct track_part *p = part_at(t, part);
  bool decided = p->verdict != TRACK_VERDICT_NONE;
  bool own = decided ? p->verdict != TRACK_VERDICT_PASS : t->calibration.fail_safe != TRACK_FAIL_SAFE_PASS;
  bool eject = p->too_close ? ejects_close(t, part, own) : own;
  p->action = eject ? TRACK_ACTION_EJECT : TRACK_ACTION_PASS;
  p->cause = decided ? TRACK_CAUSE_VERDICT : TRACK_CAUSE_FAIL_SAFE;
  if (eject != own) p->cause = TRACK_CAUSE_TOO_CLOSE;
  if (eject) t->pulse_end = end_of(t, part);
  emit_part(t, TRACK_RESOLVED, part, deadline_of(t, part));
  if (decided) return;
  t->counters.fail_safes++;
  if (t->calibration.fail_safe == TRACK_FAIL_SAFE_STOP_LINE) stop_line(t, part, TRACK_CAUSE_FAIL_SAFE);
}

static void close_part(struct track *t, uint64_t part, int64_t due) {
  struct track_part *p = part_at(t, part);
  if (p->action == TRACK_ACTION_EJECT && t->calibration.confirm == TRACK_CONFIRM_EJECTED &&
      p->confirmation == TRACK_CONFIRMATION_NONE) {
    p->confirmation = TRACK_CONFIRMATION_UNCONFIRMED;
    t->counters.unconfirmed++;
  }
  p->closed = true;
  t->counters.ejected += p->action == TRACK_ACTION_EJECT;
  t->counters.passed += p->action == TRACK_ACTION_PASS;
  t->counters.missed += p->action == TRACK_ACTION_MISSED;
  t->counters.aborted += p->action == TRACK_ACTION_ABORTED;
  emit_part(t, TRACK_CLOSED, part, due);
  while (t->oldest < t->next && peek(t, t->oldest)->closed)
    t->oldest++;
}

/* The gate stays active when the next part comes before it would have recovered: that part is ejected whatever its
 * verdict. */
static bool is_held(const struct track *t) {
  uint64_t next = t->window + 1;
  return next < t->next && start_of(t, next) < end_of(t, t->window) + t->calibration.recovery_ns;
}

static void end_window(struct track *t) {
  uint64_t part = t->window;
  struct track_part *p = part_at(t, part);
  int64_t end = end_of(t, part);
  if (p->action == TRACK_ACTION_EJECT && !t->gate_active) {
    p->action = TRACK_ACTION_MISSED;
    emit_due(t, TRACK_MISSED_PULSE, part, pulse_start(t));
  } else if (t->gate_active && !is_held(t)) {
    set_gate(t, false, part, end);
  }
  t->window_end = end;
  t->window++;
  bool awaited = p->action == TRACK_ACTION_EJECT && t->calibration.confirm == TRACK_CONFIRM_EJECTED;
  if (!awaited) close_part(t, part, end);
}

/* The next step; at equal times the earlier kind first. A host that cannot fire now meets the end of the window
 * instead. */
static struct due next_step(const struct track *t, int64_t now, bool may_fire) {
  struct due due = {STEP_NONE, TRACK_NEVER};
  if (t->undecided < t->next) due = (struct due){STEP_RESOLVE, deadline_of(t, t->undecided)};
  if (t->window < t->undecided) {
    struct due window = {STEP_END_WINDOW, end_of(t, t->window)};
    bool waits = peek(t, t->window)->action == TRACK_ACTION_EJECT && !t->gate_active;
    if (waits && may_fire && now < window.at) window = (struct due){STEP_FIRE, pulse_start(t)};
    if (window.at < due.at) due = window;
  }
  if (t->oldest < t->window) {
    struct due close = {STEP_CLOSE, start_of(t, t->oldest) + close_delay(&t->calibration)};
    if (close.at < due.at) due = close;
  }
  return due;
}

static void take_step(struct track *t, struct due due) {
  switch (due.step) {
  case STEP_RESOLVE: resolve(t); break;
  case STEP_FIRE: set_gate(t, true, t->window, due.at); break;
  case STEP_END_WINDOW: end_window(t); break;
  case STEP_CLOSE: close_part(t, t->oldest, due.at); break;
  case STEP_NONE: break;
  }
}

/* Does all that is due up to and including `until`. */
static void advance(struct track *t, int64_t until, bool may_fire) {
  for (;;) {
    struct due due = next_step(t, t->now, may_fire);
    if (due.step == STEP_NONE || due.at > until) return;
    take_step(t, due);
  }
}

/* --- inputs --- */

static void see(struct track *t, int64_t at) {
  if (at > TRACK_TIME_MAX) at = TRACK_TIME_MAX;
  if (at > t->now) t->now = at;
}

/* An input counts as coming before what is due at the same time: a verdict at its deadline is in time. */
static void see_input(struct track *t, int64_t at) {
  see(t, at);
  advance(t, t->now - 1, false);
}

static void flag_too_close(struct track *t, uint64_t part, uint64_t neighbour) {
  if (part_at(t, part)->too_close) return;
  part_at(t, part)->too_close = true;
  t->counters.too_close++;
  emit(t, (struct track_event){.kind = TRACK_TOO_CLOSE, .part = part, .neighbour = neighbour, .due = t->now});
}

void track_trigger(struct track *t, int64_t at) {
  t->counters.triggers_clamped += at < t->now;
  see_input(t, at);
  uint64_t last = t->next - 1;
  int64_t since_last = last < t->calibration.first_part ? TRACK_NEVER : t->now - peek(t, last)->at;
  if (t->stopped || since_last < t->calibration.trigger_dead_ns) {
    t->counters.triggers_ignored++;
    emit_input(t, TRACK_TRIGGER_IGNORED, t->stopped ? 0 : last, TRACK_VERDICT_NONE);
    return;
  }
  uint64_t part = t->next++;
  *part_at(t, part) = (struct track_part){.at = t->now};
  t->counters.triggers++;
  emit_due(t, TRACK_TRIGGER, part, deadline_of(t, part));
  if (since_last >= t->calibration.width_ns + t->calibration.recovery_ns) return;
  flag_too_close(t, last, part);
  flag_too_close(t, part, last);
  if (t->calibration.too_close == TRACK_TOO_CLOSE_STOP_LINE) stop_line(t, part, TRACK_CAUSE_TOO_CLOSE);
}

void track_verdict(struct track *t, uint64_t part, enum track_verdict verdict, int64_t at) {
  see_input(t, at);
  bool known = part >= t->calibration.first_part && part < t->next;
  if (!known || verdict < TRACK_VERDICT_PASS || verdict > TRACK_VERDICT_REVIEW) {
    t->counters.verdicts_unknown++;
    emit_input(t, TRACK_VERDICT_UNKNOWN, part, verdict);
  } else if (part < t->undecided) {
    t->counters.verdicts_late++;
    emit_input(t, TRACK_VERDICT_LATE, part, verdict);
  } else if (peek(t, part)->verdict != TRACK_VERDICT_NONE) {
    t->counters.verdicts_repeated++;
    emit_input(t, TRACK_VERDICT_REPEATED, part, verdict);
  } else {
    part_at(t, part)->verdict = (uint8_t)verdict;
  }
}

/* The oldest part that the gate was active for, is not confirmed and may be what the sensor sees now; t->next if none.
 */
static uint64_t find_confirmed(const struct track *t) {
  uint64_t fired = t->gate_active ? t->undecided : t->window;
  for (uint64_t part = t->oldest; part < fired; part++) {
    const struct track_part *p = peek(t, part);
    bool awaited = p->action == TRACK_ACTION_EJECT && p->confirmation == TRACK_CONFIRMATION_NONE;
    int64_t after = t->now - start_of(t, part);
    if (awaited && after >= t->calibration.confirm_from_ns && after <= t->calibration.confirm_to_ns) return part;
  }
  return t->next;
}

void track_confirm(struct track *t, int64_t at) {
  see_input(t, at);
  uint64_t part = t->calibration.confirm == TRACK_CONFIRM_EJECTED ? find_confirmed(t) : t->next;
  if (part == t->next) {
    t->counters.confirmations_unexpected++;
    emit_input(t, TRACK_CONFIRM_UNEXPECTED, 0, TRACK_VERDICT_NONE);
    return;
  }
  part_at(t, part)->confirmation = TRACK_CONFIRMATION_CONFIRMED;
  t->counters.confirmed++;
  emit_input(t, TRACK_CONFIRMED, part, TRACK_VERDICT_NONE);
}

void track_tick(struct track *t, int64_t now) {
  see(t, now);
  advance(t, t->now, true);
}

void track_stop(struct track *t, int64_t now) {
  see(t, now);
  t->stopped = true;
  if (t->gate_active) set_gate(t, false, t->window, t->now);
  for (uint64_t part = t->oldest; part < t->next; part++) {
    if (peek(t, part)->closed) continue;
    part_at(t, part)->action = TRACK_ACTION_ABORTED;
    close_part(t, part, t->now);
  }
  t->window = t->next;
  t->undecided = t->next;
}

void track_resume(struct track *t) { t->line_stopped = false; }

int64_t track_next(const struct track *t) { return next_step(t, t->now, true).at; }

bool track_take(struct track *t, struct track_event *event) {
  if (t->event_count == 0) return false;
  *event = t->events[t->event_first];
  t->event_first = (t->event_first + 1) % TRACK_EVENTS;
  t->event_count--;
  return true;
}

/* --- calibration --- */

static bool within(int64_t value, int64_t least, int64_t most) { return value >= least && value <= most; }

static enum track_status check_durations(const struct track_calibration *c) {
  if (!within(c->delay_ns, 1, TRACK_DURATION_MAX)) return TRACK_BAD_DELAY;
  if (!within(c->width_ns, 1, TRACK_DURATION_MAX)) return TRACK_BAD_WIDTH;
  if (!within(c->recovery_ns, 1, TRACK_DURATION_MAX)) return TRACK_BAD_RECOVERY;
  if (!within(c->lead_ns, 1, TRACK_DURATION_MAX)) return TRACK_BAD_LEAD;
  if (!within(c->trigger_dead_ns, 1, TRACK_DURATION_MAX)) return TRACK_BAD_TRIGGER_DEAD;
  if (c->confirm != TRACK_CONFIRM_EJECTED) return TRACK_OK;
  if (!within(c->confirm_from_ns, 0, TRACK_DURATION_MAX)) return TRACK_BAD_CONFIRM_FROM;
  if (!within(c->confirm_to_ns, c->confirm_from_ns + 1, TRACK_DURATION_MAX)) return TRACK_BAD_CONFIRM_TO;
  return TRACK_OK;
}

static enum track_status check_choices(const struct track_calibration *c) {
  if (!within(c->base, TRACK_BASE_TIME, TRACK_BASE_ENCODER)) return TRACK_BAD_BASE;
  if (!within(c->fail_safe, TRACK_FAIL_SAFE_EJECT, TRACK_FAIL_SAFE_STOP_LINE)) return TRACK_BAD_FAIL_SAFE;
  if (!within(c->too_close, TRACK_TOO_CLOSE_EJECT_NEIGHBOUR, TRACK_TOO_CLOSE_STOP_LINE)) return TRACK_BAD_TOO_CLOSE;
  if (!within(c->confirm, TRACK_CONFIRM_NONE, TRACK_CONFIRM_EJECTED)) return TRACK_BAD_CONFIRM;
  if (c->first_part < 1 || c->first_part > TRACK_PART_MAX) return TRACK_BAD_FIRST_PART;
  return TRACK_OK;
}

/*
 * Parts are accepted at least trigger_dead apart, and every part has closed delay + close_delay after its trigger, for
 * each input first does what was due before it. So when a part is opened, at most (delay + close_delay) / trigger_dead
 * others are open.
 */
static enum track_status check_together(const struct track_calibration *c) {
  if (c->delay_ns - c->lead_ns < c->width_ns + c->recovery_ns) return TRACK_NO_TIME_TO_SEPARATE;
  if (c->delay_ns + close_delay(c) > (TRACK_PARTS - 1) * c->trigger_dead_ns) return TRACK_TOO_MANY_PARTS;
  return TRACK_OK;
}

enum track_status track_init(struct track *t, const struct track_calibration *calibration) {
  enum track_status status = check_choices(calibration);
  if (status == TRACK_OK) status = check_durations(calibration);
  if (status == TRACK_OK) status = check_together(calibration);
  if (status != TRACK_OK) return status;
  uint64_t first = calibration->first_part;
  t->calibration = *calibration;
  t->counters = (struct track_counters){0};
  t->now = 0;
  t->pulse_end = INT64_MIN;
  t->window_end = INT64_MIN;
  t->oldest = t->window = t->undecided = t->next = first;
  t->gate_active = t->line_stopped = t->stopped = false;
  t->event_first = t->event_count = 0;
  return TRACK_OK;
}
