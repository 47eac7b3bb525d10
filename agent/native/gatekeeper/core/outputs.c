#include "state.h"

static uint32_t gate_of(enum keeper_output output) { return output == KEEPER_GATE2 ? 1 : 0; }

static bool is_gate(enum keeper_output output) { return output == KEEPER_GATE || output == KEEPER_GATE2; }

static enum keeper_output output_of(uint32_t gate) { return gate == 0 ? KEEPER_GATE : KEEPER_GATE2; }

static void tell_gate(struct keeper *k, enum keeper_output output, const struct output *o, int64_t at_ns) {
  if (k->session.role == 0) return;
  tell(k, (struct wire_event){.kind = (uint8_t)(WIRE_TRACK + (o->wanted ? TRACK_GATE_ON : TRACK_GATE_OFF)),
                              .at_ns = at_ns,
                              .due_ns = o->due_ns,
                              .part = outside(k, o->part),
                              .code = (uint8_t)(gate_of(output) + 1)});
}

void want(struct keeper *k, enum keeper_output output, bool active, int64_t due_ns, uint64_t part) {
  struct output *o = &k->outputs[output];
  if (o->wanted == active) return;
  bool undone = o->wanted != o->applied; /* changed and back before the host could do it: it never moves */
  if (undone && is_gate(output)) tell_gate(k, output, o, k->at_ns);
  *o = (struct output){.wanted = active, .applied = o->applied, .due_ns = due_ns, .part = part};
  if (undone && is_gate(output)) tell_gate(k, output, o, k->at_ns);
}

void want_all_inactive(struct keeper *k) {
  for (int i = KEEPER_GATE; i < KEEPER_OUTPUTS; i++)
    want(k, (enum keeper_output)i, false, k->now_ns, 0);
}

bool keeper_take_action(struct keeper *k, struct keeper_action *action) {
  for (int i = KEEPER_GATE; i < KEEPER_OUTPUTS && !k->chip_lost; i++) {
    struct output *o = &k->outputs[i];
    if (!k->conf.outputs[i] || o->wanted == o->applied) continue;
    o->applied = o->wanted;
    *action = (struct keeper_action){.kind = KEEPER_SET, .output = (enum keeper_output)i, .active = o->wanted};
    return true;
  }
  if (!k->session.closing || k->session.close_taken) return false;
  k->session.close_taken = true;
  *action = (struct keeper_action){.kind = KEEPER_CLOSE};
  return true;
}

static void note_pulse(struct keeper *k, const struct output *o, int64_t ns) {
  const struct part_record *found = parts_get(&k->parts, o->part);
  if (found == NULL || !o->wanted) return;
  struct part_record r = *found;
  r.pulse_ns = ns;
  parts_put(&k->parts, &r);
}

void keeper_applied(struct keeper *k, const struct keeper_action *action, int64_t ns) {
  if (action->kind != KEEPER_SET || !is_gate(action->output)) return;
  if (ns > k->now_ns) k->now_ns = ns;
  k->at_ns = k->now_ns;
  const struct output *o = &k->outputs[action->output];
  tell_gate(k, action->output, o, ns);
  note_pulse(k, o, ns);
  if (o->part != 0 && ns - o->due_ns > k->conf.late_ns) {
    doubt(k, WIRE_DOUBT_LATE);
    tell_fault(k, WIRE_FAULT_GATE_LATE, (uint64_t)(ns - o->due_ns));
  }
  update_ready(k);
}

/* --- pulses cut short: a belt that stands or goes back while a part is at the gate --- */

/* Since when the part now at the gate has the gate active, or TRACK_NEVER: with time as base, pulses end by themselves.
 */
static int64_t pulse_since_ns(const struct keeper *k, const struct gate *gate) {
  bool may_stand = is_encoder_based(k) && gate->track.gate_active && !gate->forced;
  return may_stand ? gate->window_ns : TRACK_NEVER;
}

static void cut_short(struct keeper *k, uint32_t g) {
  struct gate *gate = &k->gates[g];
  gate->forced = true;
  gate->forced_from = gate->track.window;
  gate->forced_to = UINT64_MAX;
  want(k, output_of(g), false, k->now_ns, 0);
  doubt(k, WIRE_DOUBT_LATE);
  tell_fault(k, WIRE_FAULT_GATE_CUT_SHORT, g + 1);
}

/* Going back by more than `recovery` the belt may bring the part before, which is past the gate, to it again. */
static bool is_going_back(const struct keeper *k, const struct gate *gate) {
  return k->encoder.position_counts < k->encoder.high_counts - gate->track.calibration.recovery_ns;
}

static void tick_pulse(struct keeper *k, uint32_t g) {
  struct gate *gate = &k->gates[g];
  int64_t since_ns = pulse_since_ns(k, gate);
  if (since_ns == TRACK_NEVER) return;
  if (gate->at_window != gate->track.window) {
    gate->at_window = gate->track.window;
    gate->window_ns = k->now_ns;
  } else if (k->now_ns - since_ns >= k->conf.gate_max_ns || is_going_back(k, gate)) {
    cut_short(k, g);
  }
}

/* --- held gates: commissioning --- */

void hold_gate(struct keeper *k, uint32_t gate) {
  if (is_part_open(k) || k->chip_lost || gate >= k->gate_count) {
    tell(k, (struct wire_event){.kind = WIRE_HOLD_DENIED, .code = (uint8_t)(gate + 1)});
    return;
  }
  k->gates[gate].hold_until_ns = k->now_ns + HOLD_NS;
  want(k, output_of(gate), true, k->now_ns, 0);
}

static void drop_hold(struct keeper *k, uint32_t g) {
  if (k->gates[g].hold_until_ns == 0) return;
  k->gates[g].hold_until_ns = 0;
  want(k, output_of(g), false, k->now_ns, 0);
}

void drop_holds(struct keeper *k) {
  for (uint32_t g = 0; g < k->gate_count; g++)
    drop_hold(k, g);
}

void tick_gates(struct keeper *k) {
  for (uint32_t g = 0; g < k->gate_count; g++) {
    tick_pulse(k, g);
    if (k->now_ns >= k->gates[g].hold_until_ns) drop_hold(k, g);
  }
}

int64_t next_of_gates(const struct keeper *k) {
  int64_t next = TRACK_NEVER;
  for (uint32_t g = 0; g < k->gate_count; g++) {
    const struct gate *gate = &k->gates[g];
    int64_t since_ns = pulse_since_ns(k, gate);
    if (since_ns != TRACK_NEVER && since_ns + k->conf.gate_max_ns < next) next = since_ns + k->conf.gate_max_ns;
    if (gate->hold_until_ns != 0 && gate->hold_until_ns < next) next = gate->hold_until_ns;
    int64_t track_ns = is_encoder_based(k) ? TRACK_NEVER : track_next(&gate->track);
    if (track_ns < next) next = track_ns;
  }
  return next;
}

/* --- when a gate is to move --- */

/* The end of the pulse that is on, or the start of the first window of a part that is or may be ejected; not within
 * that of a part that passes. */
static int64_t next_move_ns(const struct track *t) {
  const struct track_calibration *c = &t->calibration;
  int64_t passed_ns = t->window_end;
  for (uint64_t part = t->window; part < t->next; part++) {
    const struct track_part *p = &t->parts[part & (TRACK_PARTS - 1)];
    int64_t start_ns = p->at + c->delay_ns;
    if (t->gate_active) return start_ns + c->width_ns;
    bool passes = part < t->undecided ? p->action != TRACK_ACTION_EJECT : p->verdict == TRACK_VERDICT_PASS;
    if (!passes) return start_ns > passed_ns ? start_ns : passed_ns;
    passed_ns = start_ns + c->width_ns;
  }
  return TRACK_NEVER;
}

int64_t keeper_next_gate(const struct keeper *k) {
  int64_t next = TRACK_NEVER;
  for (uint32_t g = 0; g < k->gate_count && !is_encoder_based(k); g++) {
    int64_t move_ns = next_move_ns(&k->gates[g].track);
    if (move_ns < next) next = move_ns;
  }
  return next;
}
