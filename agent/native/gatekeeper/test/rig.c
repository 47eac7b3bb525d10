#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t ring[(RIG_RECORDS + 2) * (PARTS_RECORD_BYTES / sizeof(uint64_t))];
static uint64_t nonces;

_Noreturn void rig_fail(const char *condition, const char *file, int line) {
  (void)fprintf(stderr, "%s:%d: not true: %s\n", file, line, condition);
  abort();
}

struct keeper_conf rig_conf(void) {
  struct keeper_conf conf = {.gate = {.base = TRACK_BASE_TIME,
                                      .fail_safe = TRACK_FAIL_SAFE_EJECT,
                                      .too_close = TRACK_TOO_CLOSE_EJECT_NEIGHBOUR,
                                      .confirm = TRACK_CONFIRM_NONE,
                                      .delay_ns = 100,
                                      .width_ns = 20,
                                      .recovery_ns = 10,
                                      .lead_ns = 10,
                                      .trigger_dead_ns = 5},
                             .heartbeat_ns = 10000,
                             .late_ns = 3,
                             .gate_max_ns = 1000,
                             .plc_ns = 15,
                             .digest = 77};
  conf.outputs[KEEPER_GATE] = conf.outputs[KEEPER_READY] = true;
  return conf;
}

void rig_new_ring(void) { memset(ring, 0, sizeof ring); }

void *rig_ring(void) { return ring; }

size_t rig_ring_bytes(void) { return sizeof ring; }

void rig_start(struct rig *rig, const struct keeper_conf *conf, int64_t now) {
  memset(rig, 0, sizeof *rig);
  rig->now = now;
  CHECK(keeper_init(&rig->keeper, conf, ring, sizeof ring, now) == NULL);
  rig_settle(rig);
}

/* --- what the keeper asks for --- */

static void hear(struct rig *rig, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    rig->half[rig->half_count++] = bytes[i];
    if (rig->half_count < WIRE_BYTES) continue;
    rig->half_count = 0;
    struct wire_event event;
    CHECK(wire_decode_event(rig->half, &event));
    CHECK(event.number == ++rig->heard);
    if (rig->log_count < RIG_LOG) rig->log[rig->log_count++] = event;
  }
}

/* In pieces of odd sizes, as a socket may take them. */
static void read_all(struct rig *rig) {
  const uint8_t *bytes;
  for (;;) {
    size_t count = keeper_pending(&rig->keeper, &bytes);
    if (count == 0) return;
    if (count > 1000) count = 1000 - count % 7;
    hear(rig, bytes, count);
    keeper_sent(&rig->keeper, count, rig->now);
  }
}

static void act(struct rig *rig, const struct keeper_action *action) {
  if (action->kind == KEEPER_CLOSE) {
    read_all(rig);
    keeper_disconnected(&rig->keeper, rig->now);
    return;
  }
  CHECK(rig->levels[action->output] != action->active);
  rig->levels[action->output] = action->active;
  if (rig->on_output != NULL) rig->on_output(rig, action->output, action->active);
  rig->now += rig->slow;
  keeper_applied(&rig->keeper, action, rig->now);
}

void rig_settle(struct rig *rig) {
  struct keeper_action action;
  while (keeper_take_action(&rig->keeper, &action))
    act(rig, &action);
  if (!rig->mute) read_all(rig);
}

void rig_tick(struct rig *rig, int64_t now) {
  if (now > rig->now) rig->now = now;
  keeper_tick(&rig->keeper, rig->now);
  rig_settle(rig);
}

void rig_run(struct rig *rig, int64_t until) {
  for (int64_t next = keeper_next(&rig->keeper); next <= until; next = keeper_next(&rig->keeper))
    rig_tick(rig, next);
  rig_tick(rig, until);
}

void rig_edge(struct rig *rig, enum keeper_input input, int64_t ns) {
  rig_run(rig, ns - 1);
  rig->now = ns;
  keeper_edge(&rig->keeper, input, ns, true, 0);
  rig_tick(rig, ns);
}

/* --- the agent --- */

void rig_connect(struct rig *rig) {
  rig->nonce = 1000 + ++nonces;
  rig->number = rig->heard = 0;
  rig->half_count = 0;
  keeper_connected(&rig->keeper, rig->nonce, rig->now);
  rig_settle(rig);
}

void rig_send(struct rig *rig, enum wire_request_kind kind, uint64_t part, uint8_t argument) {
  uint8_t bytes[WIRE_BYTES];
  struct wire_request request = {
      .kind = (uint8_t)kind, .argument = argument, .number = ++rig->number, .nonce = rig->nonce, .part = part};
  wire_encode_request(&request, bytes);
  keeper_bytes(&rig->keeper, bytes, 40, rig->now);
  keeper_bytes(&rig->keeper, bytes + 40, WIRE_BYTES - 40, rig->now);
  rig_settle(rig);
}

void rig_attach(struct rig *rig, uint64_t first_part) {
  rig_connect(rig);
  rig_send(rig, WIRE_ATTACH, first_part, WIRE_ROLE_AGENT);
}

void rig_disconnect(struct rig *rig) {
  keeper_disconnected(&rig->keeper, rig->now);
  rig_settle(rig);
}

void rig_make_ready(struct rig *rig, const struct keeper_conf *conf) {
  rig_new_ring();
  rig_start(rig, conf, 1000);
  rig_run(rig, 1200);
  rig_attach(rig, 1);
  CHECK(rig->levels[KEEPER_READY]);
  rig_forget(rig);
}

const struct wire_event *rig_heard(const struct rig *rig, int kind, int nth) {
  for (size_t i = 0; i < rig->log_count; i++) {
    if (rig->log[i].kind == kind && nth-- == 0) return &rig->log[i];
  }
  return NULL;
}

int rig_count(const struct rig *rig, int kind) {
  int count = 0;
  for (size_t i = 0; i < rig->log_count; i++)
    count += rig->log[i].kind == kind;
  return count;
}

void rig_forget(struct rig *rig) { rig->log_count = 0; }
