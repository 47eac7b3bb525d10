#include "state.h"

void init_pulses(struct keeper *k) {
  k->trains[0] =
      (struct train){.output = KEEPER_STROBE, .delay_ns = k->conf.strobe_delay_ns, .width_ns = k->conf.strobe_width_ns};
  k->trains[1] = (struct train){.output = KEEPER_CAMERA_TRIGGER,
                                .delay_ns = k->conf.camera_trigger_delay_ns,
                                .width_ns = k->conf.camera_trigger_width_ns};
  k->plc_until_ns[0] = k->plc_until_ns[1] = 0;
}

void pulse_on_trigger(struct keeper *k, int64_t trigger_ns) {
  for (int i = 0; i < 2; i++) {
    struct train *t = &k->trains[i];
    if (!k->conf.outputs[t->output]) continue;
    if (t->count == TRAIN_PULSES) {
      tell_fault(k, WIRE_FAULT_PULSE_DROPPED, (uint64_t)t->output);
      continue;
    }
    t->starts_ns[(t->first + t->count++) % TRAIN_PULSES] = trigger_ns + t->delay_ns;
  }
}

void pulse_on_resolved(struct keeper *k, bool ok) {
  k->plc_until_ns[ok ? 0 : 1] = k->at_ns + k->conf.plc_ns;
  want(k, ok ? KEEPER_PLC_OK : KEEPER_PLC_NG, true, k->at_ns, 0);
}

static int64_t next_of_train(const struct keeper *k, const struct train *t) {
  if (k->outputs[t->output].wanted) return t->end_ns;
  return t->count > 0 ? t->starts_ns[t->first] : TRACK_NEVER;
}

/* One change a tick, so that two pulses never run into one. A pulse begun late has its whole width: a picture needs its
 * light; one late by more than that is left out. */
static void tick_train(struct keeper *k, struct train *t) {
  if (next_of_train(k, t) > k->now_ns) return;
  if (k->outputs[t->output].wanted) {
    want(k, t->output, false, t->end_ns, 0);
    return;
  }
  int64_t start_ns = t->starts_ns[t->first];
  t->first = (t->first + 1) % TRAIN_PULSES;
  t->count--;
  if (k->now_ns >= start_ns + t->width_ns) {
    tell_fault(k, WIRE_FAULT_PULSE_DROPPED, (uint64_t)t->output);
    return;
  }
  t->end_ns = k->now_ns + t->width_ns;
  want(k, t->output, true, start_ns, 0);
}

void tick_pulses(struct keeper *k) {
  tick_train(k, &k->trains[0]);
  tick_train(k, &k->trains[1]);
  for (int i = 0; i < 2; i++) {
    if (k->plc_until_ns[i] == 0 || k->now_ns < k->plc_until_ns[i]) continue;
    k->plc_until_ns[i] = 0;
    want(k, i == 0 ? KEEPER_PLC_OK : KEEPER_PLC_NG, false, k->now_ns, 0);
  }
  const struct track *last = &k->gates[k->gate_count - 1].track;
  want(k, KEEPER_PLC_BUSY, last->undecided < last->next, k->now_ns, 0);
}

int64_t next_of_pulses(const struct keeper *k) {
  int64_t next = TRACK_NEVER;
  for (int i = 0; i < 2; i++) {
    int64_t train_ns = next_of_train(k, &k->trains[i]);
    if (train_ns < next) next = train_ns;
    if (k->plc_until_ns[i] != 0 && k->plc_until_ns[i] < next) next = k->plc_until_ns[i];
  }
  return next;
}
