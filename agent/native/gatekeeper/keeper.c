#include "keeper.h"

#include "core/state.h"

#include <string.h>

/* --- the configuration --- */

static bool is_duration(int64_t ns) { return ns > 0 && ns <= TRACK_DURATION_MAX; }

static const char *fault_of_track(enum track_status status) {
  switch (status) {
  case TRACK_OK: return NULL;
  case TRACK_BAD_BASE: return "base must be time or encoder.";
  case TRACK_BAD_DELAY: return "delay must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_WIDTH: return "width must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_RECOVERY: return "recovery must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_LEAD: return "lead must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_TRIGGER_DEAD: return "trigger-dead must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_FAIL_SAFE: return "fail-safe must be eject, pass or stop-line.";
  case TRACK_BAD_TOO_CLOSE: return "too-close must be eject-neighbour, escape or stop-line.";
  case TRACK_BAD_CONFIRM: return "confirm must be none or ejected.";
  case TRACK_BAD_CONFIRM_FROM: return "confirm-from must be 0 or more and at most an hour in ns, as for counts.";
  case TRACK_BAD_CONFIRM_TO: return "confirm-to must be more than confirm-from and at most an hour in ns.";
  case TRACK_BAD_FIRST_PART: return "the ring's part numbers have run out; remove the file named by ring.";
  case TRACK_NO_TIME_TO_SEPARATE: return "delay less lead must be at least width + recovery; move the photo-eye away.";
  case TRACK_TOO_MANY_PARTS: return "trigger-dead is too short for the delay; make it about the length of a part.";
  }
  return "the calibration cannot be used.";
}

static const char *fault_of_times(const struct keeper_conf *c) {
  if (!is_duration(c->heartbeat_ns)) return "heartbeat-ms must be more than 0 and at most an hour.";
  if (!is_duration(c->late_ns)) return "late-us must be more than 0 and at most an hour.";
  if (!is_duration(c->gate_max_ns)) return "gate-max-ms must be more than 0 and at most an hour.";
  bool plc = c->outputs[KEEPER_PLC_OK] || c->outputs[KEEPER_PLC_NG];
  if (plc && !is_duration(c->plc_ns)) return "plc-us must be more than 0 and at most an hour.";
  bool strobe = is_duration(c->strobe_delay_ns + 1) && is_duration(c->strobe_width_ns);
  if (c->outputs[KEEPER_STROBE] && !strobe) return "strobe-delay-us must be 0 or more, strobe-width-us more than 0.";
  bool camera = is_duration(c->camera_trigger_delay_ns + 1) && is_duration(c->camera_trigger_width_ns);
  if (c->outputs[KEEPER_CAMERA_TRIGGER] && !camera)
    return "camera-trigger-delay-us must be 0 or more, camera-trigger-width-us more than 0.";
  return NULL;
}

static const char *fault_of_conf(const struct keeper_conf *c) {
  if (!c->outputs[KEEPER_GATE]) return "output gate is missing; name its line.";
  if (c->outputs[KEEPER_GATE2] != (c->gate2_delay != 0)) return "output gate2 and gate2-delay need each other.";
  if (c->gate2_delay != 0 && c->gate2_delay < c->gate.delay_ns)
    return "gate2-delay is less than delay; the gate for review must be behind the reject gate.";
  if ((c->encoder != ENCODER_NONE) != (c->gate.base == TRACK_BASE_ENCODER))
    return "base encoder and encoder need each other; with base time leave encoder out.";
  return fault_of_times(c);
}

/* What the first gate's figures have not shown to be wrong already. */
static const char *fault_of_gate2(enum track_status status) {
  switch (status) {
  case TRACK_BAD_DELAY: return "gate2-delay must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_WIDTH: return "gate2-width must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_BAD_RECOVERY: return "gate2-recovery must be more than 0 and at most an hour in ns, as for counts.";
  case TRACK_NO_TIME_TO_SEPARATE:
    return "gate2-delay less lead must be at least gate2-width + gate2-recovery; move the gate for review away.";
  case TRACK_TOO_MANY_PARTS: return "trigger-dead is too short for gate2-delay; make it about the length of a part.";
  default: return fault_of_track(status);
  }
}

/* The second gate ejects what is to be reviewed; what has no verdict is the first one's. */
static enum track_status init_gate(struct keeper *k, uint32_t g) {
  struct track_calibration calibration = k->conf.gate;
  calibration.first_part = k->parts.next;
  if (g == 1) {
    calibration.delay_ns = k->conf.gate2_delay;
    calibration.width_ns = k->conf.gate2_width;
    calibration.recovery_ns = k->conf.gate2_recovery;
    calibration.fail_safe = TRACK_FAIL_SAFE_PASS;
    calibration.confirm = TRACK_CONFIRM_NONE;
  }
  struct gate *gate = &k->gates[g];
  enum track_status status = track_init(&gate->track, &calibration);
  gate->hold_until_ns = 0;
  gate->forced = false;
  gate->forced_from = UINT64_MAX;
  gate->forced_to = 0;
  return status;
}

const char *keeper_init(struct keeper *k, const struct keeper_conf *conf, void *ring, size_t ring_bytes,
                        int64_t now_ns) {
  const char *fault = fault_of_conf(conf);
  if (fault != NULL) return fault;
  memset(k, 0, sizeof *k);
  k->conf = *conf;
  k->now_ns = k->at_ns = now_ns;
  k->gate_count = conf->gate2_delay != 0 ? 2 : 1;
  if (!parts_open(&k->parts, ring, ring_bytes)) return "the ring is too small; it must hold at least 1024 parts.";
  for (uint32_t g = 0; g < k->gate_count; g++) {
    enum track_status status = init_gate(k, g);
    if (status != TRACK_OK) return g == 0 ? fault_of_track(status) : fault_of_gate2(status);
  }
  encoder_init(&k->encoder, conf->encoder, now_ns);
  init_pulses(k);
  k->run_first = k->parts.next;
  clear_doubts(k);
  doubt(k, WIRE_DOUBT_START);
  return NULL;
}

/* --- inputs --- */

static void see(struct keeper *k, int64_t now_ns) {
  if (now_ns > k->now_ns) k->now_ns = now_ns;
  k->at_ns = k->now_ns;
}

static bool is_encoder_line(enum keeper_input input) { return input == KEEPER_ENCODER_A || input == KEEPER_ENCODER_B; }

static enum encoder_line encoder_line_of(enum keeper_input input) {
  return input == KEEPER_ENCODER_A ? ENCODER_A : ENCODER_B;
}

/* Counts by which the belt is below its high-water mark; 0 when the base is time. */
static uint64_t counts_back(const struct keeper *k) {
  return (uint64_t)(k->encoder.high_counts - k->encoder.position_counts);
}

/* The agent is told of what it can use; somebody commissioning of all. */
static void tell_input(struct keeper *k, enum keeper_input input, bool active) {
  bool told = input == KEEPER_PART_AT_GATE || input == KEEPER_BIN_FULL || input == KEEPER_ESTOP_STATUS;
  if (k->session.role == 0 || (!told && k->session.role != WIRE_ROLE_COMMISSION)) return;
  tell(k, (struct wire_event){.kind = WIRE_INPUT, .value = counts_back(k), .code = (uint8_t)input, .flag = active});
}

void keeper_level(struct keeper *k, enum keeper_input input, bool active, int64_t now_ns) {
  see(k, now_ns);
  if (is_encoder_line(input)) {
    encoder_set_level(&k->encoder, encoder_line_of(input), active);
    return;
  }
  if (k->input_levels[input] == active) return;
  k->input_levels[input] = active;
  tell_input(k, input, active);
}

/* Was a part seen where the belt is now, having gone back? */
static bool is_counted(const struct keeper *k) {
  int64_t dead = k->conf.gate.trigger_dead_ns;
  int64_t here = k->encoder.position_counts;
  for (uint64_t part = k->parts.next; part-- > k->run_first;) {
    const struct part_record *r = parts_get(&k->parts, part);
    if (r == NULL || r->trigger_counts < here - dead) return false;
    if (r->trigger_counts < here + dead) return true;
  }
  return false;
}

static void ignore_trigger(struct keeper *k, enum wire_ignored why) {
  doubt_ignored(k);
  if (why == WIRE_IGNORED_UNCOUNTED || why == WIRE_IGNORED_COMMISSIONING) doubt(k, WIRE_DOUBT_START);
  if (k->session.role == 0) return;
  tell(k, (struct wire_event){.kind = WIRE_TRACK + TRACK_TRIGGER_IGNORED,
                              .due_ns = k->at_ns,
                              .part = outside(k, k->parts.next - 1),
                              .code = (uint8_t)why});
}

/* An edge that comes after time was told to the trackers up to later than its stamp: its part's window is wrong. */
static void check_place(struct keeper *k, int64_t ns) {
  int64_t late_ns = k->gates[0].track.now - ns;
  if (is_encoder_based(k) || late_ns <= k->conf.late_ns) return;
  doubt(k, WIRE_DOUBT_LATE);
  tell_fault(k, WIRE_FAULT_TRIGGER_LATE, (uint64_t)late_ns);
}

static void on_trigger(struct keeper *k, int64_t ns) {
  bool back = is_encoder_based(k) && k->encoder.position_counts < k->encoder.high_counts;
  if (k->session.role == WIRE_ROLE_COMMISSION) {
    ignore_trigger(k, WIRE_IGNORED_COMMISSIONING);
  } else if (back && (k->encoder.backward || is_counted(k))) {
    ignore_trigger(k, WIRE_IGNORED_COUNTED);
  } else if (back) {
    ignore_trigger(k, WIRE_IGNORED_UNCOUNTED);
  } else {
    check_place(k, ns);
    for (uint32_t g = 0; g < k->gate_count; g++)
      track_trigger(&k->gates[g].track, is_encoder_based(k) ? belt_now(k) : ns);
    follow(k);
  }
}

static void on_encoder(struct keeper *k, enum keeper_input input, int64_t ns, bool active, uint32_t lost) {
  if (lost > 0) encoder_note_loss(&k->encoder);
  bool sound = encoder_edge(&k->encoder, encoder_line_of(input), active, ns);
  if (!is_encoder_based(k) || (sound && lost == 0)) return;
  doubt(k, WIRE_DOUBT_ENCODER);
  if (lost > 0) tell_fault(k, WIRE_FAULT_EDGES_LOST, (uint64_t)input);
}

static void on_edge(struct keeper *k, enum keeper_input input, int64_t ns, bool active) {
  k->input_levels[input] = active;
  tell_input(k, input, active);
  if (!active) return;
  if (input == KEEPER_TRIGGER) on_trigger(k, ns);
  if (input != KEEPER_CONFIRM) return;
  for (uint32_t g = 0; g < k->gate_count; g++)
    track_confirm(&k->gates[g].track, is_encoder_based(k) ? belt_now(k) : ns);
  follow(k);
}

void keeper_edge(struct keeper *k, enum keeper_input input, int64_t ns, bool active, uint32_t lost) {
  if (ns > k->now_ns) k->now_ns = ns;
  k->at_ns = ns;
  if (is_encoder_line(input)) {
    on_encoder(k, input, ns, active, lost);
  } else {
    /* A trigger may have been among them. */
    if (lost > 0) {
      doubt(k, WIRE_DOUBT_START);
      tell_fault(k, WIRE_FAULT_EDGES_LOST, (uint64_t)input);
    }
    on_edge(k, input, ns, active);
  }
  update_ready(k);
}

/* --- time --- */

static void tick_encoder(struct keeper *k) {
  const struct encoder *e = &k->encoder;
  bool changed = e->position_counts != k->encoder_told_counts || e->lost != k->encoder_told_lost;
  if (k->session.role == 0 || !changed || k->now_ns < k->encoder_told_ns + ENCODER_TELL_NS) return;
  k->encoder_told_ns = k->now_ns;
  k->encoder_told_counts = e->position_counts;
  k->encoder_told_lost = e->lost;
  tell(k, (struct wire_event){.kind = WIRE_ENCODER,
                              .part = e->lost,
                              .value = (uint64_t)encoder_ns_per_count(e, k->now_ns, BELT_STILL_NS)});
}

void keeper_tick(struct keeper *k, int64_t now_ns) {
  see(k, now_ns);
  for (uint32_t g = 0; g < k->gate_count; g++)
    track_tick(&k->gates[g].track, belt_now(k));
  follow(k);
  tick_gates(k);
  tick_pulses(k);
  if (is_encoder_based(k)) tick_encoder(k);
  pump_backlog(k);
  update_ready(k);
}

int64_t keeper_next(const struct keeper *k) {
  int64_t next = next_of_gates(k);
  int64_t pulses_ns = next_of_pulses(k);
  int64_t doubts_ns = next_of_doubts(k);
  if (pulses_ns < next) next = pulses_ns;
  return doubts_ns < next ? doubts_ns : next;
}

/* --- the end of the lines, and of all --- */

static void abort_parts(struct keeper *k) {
  drop_holds(k);
  for (uint32_t g = 0; g < k->gate_count; g++)
    track_stop(&k->gates[g].track, belt_now(k));
  follow(k);
  init_pulses(k);
  want_all_inactive(k);
}

void keeper_chip_lost(struct keeper *k, int64_t now_ns) {
  see(k, now_ns);
  if (k->chip_lost) return;
  k->chip_lost = true;
  abort_parts(k);
  tell_fault(k, WIRE_FAULT_CHIP_LOST, 0);
  update_ready(k);
}

void keeper_chip_back(struct keeper *k, int64_t now_ns) {
  see(k, now_ns);
  if (!k->chip_lost || k->stopped) return;
  k->chip_lost = false;
  for (int i = 0; i < KEEPER_OUTPUTS; i++)
    k->outputs[i] = (struct output){0};
  for (uint32_t g = 0; g < k->gate_count; g++)
    (void)init_gate(k, g);
  tell_fault(k, WIRE_FAULT_CHIP_BACK, 0);
  k->encoder.position_counts = k->encoder.high_counts; /* nobody knows how far it went meanwhile */
  doubt(k, WIRE_DOUBT_START);
  update_ready(k);
}

void keeper_stop(struct keeper *k, int64_t now_ns) {
  see(k, now_ns);
  k->stopped = true;
  abort_parts(k);
  update_ready(k);
  refuse(k, WIRE_REFUSED_STOPPING);
}
