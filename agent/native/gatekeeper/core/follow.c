#include "state.h"

/* When something that is over was due. */
static int64_t due_ns_of(const struct keeper *k, const struct track_event *e) {
  return is_encoder_based(k) ? encoder_when_ns(&k->encoder, e->due) : e->due;
}

/* A deadline to come: with counts an estimate from the belt's rate, 0 when it stands. */
static int64_t deadline_ns_of(const struct keeper *k, const struct track_event *e) {
  if (!is_encoder_based(k)) return e->due;
  int64_t ns = encoder_ns_per_count(&k->encoder, k->at_ns, BELT_STILL_NS);
  if (ns > TRACK_DURATION_MAX / (e->due - e->at + 1)) ns = 0;
  return ns == 0 ? 0 : k->at_ns + (e->due - e->at) * ns;
}

/* Parts from before the attach are told once, as INTERRUPTED; what the gates do is told always. */
static bool is_told(const struct keeper *k, const struct track_event *e) {
  if (k->session.role == 0) return false;
  if (e->part == 0 || e->part >= k->session.attach_next) return true;
  return e->kind == TRACK_MISSED_PULSE || e->kind == TRACK_STOP_LINE || e->kind == TRACK_TRIGGER_IGNORED;
}

static void tell_event(struct keeper *k, const struct track_event *e, int64_t due_ns, uint8_t code) {
  if (!is_told(k, e)) return;
  tell(k, (struct wire_event){.kind = (uint8_t)(WIRE_TRACK + e->kind),
                              .due_ns = due_ns,
                              .part = outside(k, e->part),
                              .value = outside(k, e->neighbour),
                              .action = e->action,
                              .cause = e->cause,
                              .verdict = e->verdict,
                              .confirmation = e->confirmation,
                              .flag = e->too_close,
                              .code = code});
}

/* Tells of a part as it stands in the ring. */
static void tell_part(struct keeper *k, enum track_kind kind, const struct part_record *r, int64_t due_ns) {
  tell_event(k,
             &(struct track_event){.kind = (uint8_t)kind,
                                   .part = r->part,
                                   .action = r->action,
                                   .cause = r->cause,
                                   .verdict = r->verdict,
                                   .confirmation = r->confirmation,
                                   .too_close = r->too_close},
             due_ns, 0);
}

static void on_trigger(struct keeper *k, const struct track_event *e) {
  uint64_t from;
  uint64_t before = 0;
  uint64_t after = 0;
  (void)parts_lost(&k->parts, &from, &before);
  parts_add(&k->parts, k->at_ns, is_encoder_based(k) ? e->at : 0);
  (void)parts_lost(&k->parts, &from, &after);
  if (after != before) tell_lost(k);
  drop_holds(k);
  pulse_on_trigger(k, k->at_ns);
  tell_event(k, e, deadline_ns_of(k, e), 0);
}

/* The second gate may be slower than the first; a part that the first one ejected does not come to it. */
static void flag(struct part_record *r, uint32_t g, const struct track_event *e) {
  if (g == 0 || r->gate != 1) r->too_close = r->too_close || e->too_close;
}

/*
 * With two gates a part that the first one lets pass is resolved by the second, which is later. Only that which is told
 * counts: one RESOLVED a part.
 */
static void on_resolved(struct keeper *k, uint32_t g, const struct track_event *e, struct part_record *r) {
  bool eject = e->action == TRACK_ACTION_EJECT;
  bool last = g + 1 == k->gate_count;
  if (r->gate != 0) return;
  if (g == 0 || eject) {
    r->action = e->action;
    r->cause = e->cause;
  }
  if (eject) r->gate = (uint8_t)(g + 1);
  flag(r, g, e);
  parts_put(&k->parts, r);
  if (!eject && !last) return;
  pulse_on_resolved(k, !eject);
  tell_part(k, TRACK_RESOLVED, r, due_ns_of(k, e));
}

static bool was_cut_short(const struct gate *gate, uint64_t part) {
  return part >= gate->forced_from && part <= gate->forced_to;
}

static void on_closed(struct keeper *k, uint32_t g, const struct track_event *e, struct part_record *r) {
  bool mine = r->gate == g + 1;
  bool failed = e->action == TRACK_ACTION_MISSED || e->action == TRACK_ACTION_ABORTED;
  if (failed && (mine || r->gate == 0)) r->action = e->action;
  if (mine && r->action == TRACK_ACTION_EJECT && was_cut_short(&k->gates[g], r->part)) r->action = TRACK_ACTION_MISSED;
  if (mine) r->confirmation = e->confirmation;
  flag(r, g, e);
  r->gates_closed = (uint8_t)(r->gates_closed | 1U << g);
  r->closed = r->gates_closed == (1U << k->gate_count) - 1;
  r->closed_ns = k->at_ns;
  r->closed_due_ns = e->action == TRACK_ACTION_ABORTED ? k->at_ns : due_ns_of(k, e);
  parts_put(&k->parts, r);
  if (!r->closed) return;
  if (k->session.role == WIRE_ROLE_AGENT && r->part < k->session.attach_next) {
    /* What the backlog has not come to yet, it will tell. */
    if (r->part < k->session.backlog) tell_interrupted(k, r->part);
    return;
  }
  tell_part(k, TRACK_CLOSED, r, r->closed_due_ns);
}

static void on_part(struct keeper *k, uint32_t g, const struct track_event *e) {
  const struct part_record *found = parts_get(&k->parts, e->part);
  if (found == NULL) return; /* its record was damaged while it was open: told as not known */
  struct part_record r = *found;
  if (e->kind == TRACK_RESOLVED) {
    on_resolved(k, g, e, &r);
  } else {
    on_closed(k, g, e, &r);
  }
}

static void on_gate(struct keeper *k, uint32_t g, const struct track_event *e) {
  struct gate *gate = &k->gates[g];
  bool on = e->kind == TRACK_GATE_ON;
  if (on) {
    gate->at_window = gate->track.window;
    gate->window_ns = k->now_ns;
  } else if (gate->forced) {
    gate->forced = false;
    gate->forced_to = e->part;
  }
  int64_t due_ns = k->stopped || k->chip_lost ? k->at_ns : due_ns_of(k, e);
  want(k, g == 0 ? KEEPER_GATE : KEEPER_GATE2, on, due_ns, e->part);
}

static void on_missed(struct keeper *k, uint32_t g, const struct track_event *e) {
  doubt(k, WIRE_DOUBT_LATE);
  tell_event(k, e, due_ns_of(k, e), (uint8_t)(g + 1));
}

/* What both trackers tell in the same way is taken from the first. */
static void on_input(struct keeper *k, const struct track_event *e) {
  struct track_event told = *e;
  bool of_verdict =
      e->kind == TRACK_VERDICT_LATE || e->kind == TRACK_VERDICT_UNKNOWN || e->kind == TRACK_VERDICT_REPEATED;
  if (of_verdict) told.verdict = k->verdict_given;
  if (e->kind == TRACK_TRIGGER_IGNORED) doubt_ignored(k);
  uint8_t code = k->stopped || k->chip_lost ? WIRE_IGNORED_STOPPED : WIRE_IGNORED_BOUNCE;
  tell_event(k, &told, k->at_ns, e->kind == TRACK_TRIGGER_IGNORED ? code : 0);
}

/* Two parts that only the second gate cannot separate are told of as well, but no part twice. */
static void on_too_close(struct keeper *k, uint32_t g, const struct track_event *e) {
  bool told = k->gates[0].track.parts[e->part & (TRACK_PARTS - 1)].too_close;
  if (g == 0 || !told) on_input(k, e);
}

static void on_event(struct keeper *k, uint32_t g, const struct track_event *e) {
  switch ((enum track_kind)e->kind) {
  case TRACK_TRIGGER:
    if (g == 0) on_trigger(k, e);
    return;
  case TRACK_RESOLVED:
  case TRACK_CLOSED: on_part(k, g, e); return;
  case TRACK_GATE_ON:
  case TRACK_GATE_OFF: on_gate(k, g, e); return;
  case TRACK_MISSED_PULSE: on_missed(k, g, e); return;
  case TRACK_TOO_CLOSE: on_too_close(k, g, e); return;
  case TRACK_TRIGGER_IGNORED:
  case TRACK_VERDICT_LATE:
  case TRACK_VERDICT_UNKNOWN:
  case TRACK_VERDICT_REPEATED:
  case TRACK_CONFIRMED:
  case TRACK_CONFIRM_UNEXPECTED:
    if (g == 0) on_input(k, e);
    return;
  case TRACK_STOP_LINE:
    if (g == 0 || !k->gates[0].track.line_stopped) on_input(k, e);
    return;
  }
}

void follow(struct keeper *k) {
  struct track_event event;
  for (uint32_t g = 0; g < k->gate_count; g++) {
    while (track_take(&k->gates[g].track, &event))
      on_event(k, g, &event);
  }
}
