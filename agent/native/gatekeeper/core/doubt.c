#include "state.h"

#define LASTING 3

static const enum wire_doubt lasting[LASTING] = {WIRE_DOUBT_START, WIRE_DOUBT_ENCODER, WIRE_DOUBT_LATE};

/* From photo-eye to the end of the last gate's window. */
static int64_t span_of(const struct keeper *k) {
  int64_t span = 0;
  for (uint32_t g = 0; g < k->gate_count; g++) {
    const struct track_calibration *c = &k->gates[g].track.calibration;
    if (c->delay_ns + c->width_ns > span) span = c->delay_ns + c->width_ns;
  }
  return span;
}

void doubt(struct keeper *k, enum wire_doubt bit) {
  for (int i = 0; i < LASTING; i++) {
    if (lasting[i] == bit) k->doubt_until[i] = belt_now(k) + span_of(k);
  }
}

void doubt_ignored(struct keeper *k) {
  for (int i = 0; i < LASTING; i++) {
    if (lasting[i] == WIRE_DOUBT_ENCODER && belt_now(k) < k->doubt_until[i]) doubt(k, WIRE_DOUBT_START);
  }
}

void clear_doubts(struct keeper *k) {
  for (int i = 0; i < LASTING; i++)
    k->doubt_until[i] = INT64_MIN;
}

static bool is_agent_alive(const struct keeper *k) {
  return k->session.role == WIRE_ROLE_AGENT && k->now_ns < k->session.heard_ns + k->conf.heartbeat_ns;
}

static bool is_line_stopped(const struct keeper *k) {
  for (uint32_t g = 0; g < k->gate_count; g++) {
    if (k->gates[g].track.line_stopped) return true;
  }
  return k->stopped;
}

uint32_t keeper_doubts(const struct keeper *k) {
  uint32_t doubts = 0;
  uint64_t from;
  uint64_t to;
  for (int i = 0; i < LASTING; i++) {
    if (belt_now(k) < k->doubt_until[i]) doubts |= (uint32_t)lasting[i];
  }
  if (parts_lost(&k->parts, &from, &to)) doubts |= WIRE_DOUBT_RING;
  if (k->chip_lost) doubts |= WIRE_DOUBT_CHIP;
  if (!is_agent_alive(k)) doubts |= WIRE_DOUBT_NO_AGENT;
  if (is_line_stopped(k)) doubts |= WIRE_DOUBT_STOPPED;
  return doubts;
}

void update_ready(struct keeper *k) {
  uint32_t doubts = keeper_doubts(k);
  want(k, KEEPER_READY, doubts == 0, k->now_ns, 0);
  if (doubts == k->doubts_told || k->session.role == 0) return;
  k->doubts_told = doubts;
  tell(k, (struct wire_event){.kind = WIRE_READY, .flag = doubts == 0, .value = doubts});
  if (k->session.role == 0) want(k, KEEPER_READY, false, k->now_ns, 0); /* the agent was too slow even for this */
}

int64_t next_of_doubts(const struct keeper *k) {
  int64_t next = TRACK_NEVER;
  for (int i = 0; i < LASTING && !is_encoder_based(k); i++) {
    if (k->doubt_until[i] > k->now_ns && k->doubt_until[i] < next) next = k->doubt_until[i];
  }
  int64_t deaf_ns = k->session.heard_ns + k->conf.heartbeat_ns;
  if (is_agent_alive(k) && deaf_ns < next) next = deaf_ns;
  return next;
}
