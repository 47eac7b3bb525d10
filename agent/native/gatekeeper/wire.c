#include "wire.h"

#include "../track/track.h"

/* --- numbers, little-endian whatever the machine is --- */

static void put(uint8_t *bytes, uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; i++)
    bytes[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t get(const uint8_t *bytes, unsigned size) {
  uint64_t value = 0;
  for (unsigned i = 0; i < size; i++)
    value |= (uint64_t)bytes[i] << (8 * i);
  return value;
}

static bool is_zero(const uint8_t *bytes, unsigned size) {
  for (unsigned i = 0; i < size; i++) {
    if (bytes[i] != 0) return false;
  }
  return true;
}

static void put_head(uint8_t bytes[WIRE_BYTES], uint8_t kind, uint64_t number) {
  for (unsigned i = 0; i < WIRE_BYTES; i++)
    bytes[i] = 0;
  put(bytes, WIRE_MAGIC, 2);
  bytes[2] = WIRE_VERSION;
  bytes[3] = kind;
  put(bytes + 8, number, 8);
}

static bool has_head(const uint8_t bytes[WIRE_BYTES]) {
  return get(bytes, 2) == WIRE_MAGIC && bytes[2] == WIRE_VERSION && is_zero(bytes + 4, 4);
}

/* --- from the agent --- */

static bool within(uint64_t value, uint64_t least, uint64_t most) { return value >= least && value <= most; }

static bool is_attach(const struct wire_request *r) {
  if (r->argument == WIRE_ROLE_COMMISSION) return r->part == 0;
  return r->argument == WIRE_ROLE_AGENT && within(r->part, 1, TRACK_PART_MAX);
}

static bool is_in_range(const struct wire_request *r) {
  switch ((enum wire_request_kind)r->kind) {
  case WIRE_ATTACH: return is_attach(r);
  case WIRE_VERDICT: return r->part > 0 && within(r->argument, TRACK_VERDICT_PASS, TRACK_VERDICT_REVIEW);
  case WIRE_ACKNOWLEDGE: return r->part > 0 && r->argument == 0;
  case WIRE_HEARTBEAT:
  case WIRE_DETACH: return r->part == 0 && r->argument == 0;
  case WIRE_RESUME: return r->part == 0 && r->argument <= 1;
  case WIRE_HOLD_GATE: return r->part == 0 && within(r->argument, 1, 2);
  }
  return false;
}

enum wire_refusal wire_decode(const uint8_t bytes[WIRE_BYTES], struct wire_request *request) {
  if (!has_head(bytes) || !is_zero(bytes + 33, WIRE_BYTES - 33)) return WIRE_REFUSED_MALFORMED;
  *request = (struct wire_request){.kind = bytes[3],
                                   .argument = bytes[32],
                                   .number = get(bytes + 8, 8),
                                   .nonce = get(bytes + 16, 8),
                                   .part = get(bytes + 24, 8)};
  if (!within(request->kind, WIRE_ATTACH, WIRE_HOLD_GATE)) return WIRE_REFUSED_MALFORMED;
  return is_in_range(request) ? WIRE_ACCEPTED : WIRE_REFUSED_RANGE;
}

void wire_encode_request(const struct wire_request *request, uint8_t bytes[WIRE_BYTES]) {
  put_head(bytes, request->kind, request->number);
  put(bytes + 16, request->nonce, 8);
  put(bytes + 24, request->part, 8);
  bytes[32] = request->argument;
}

/* --- from the gatekeeper --- */

void wire_encode(const struct wire_event *event, uint8_t bytes[WIRE_BYTES]) {
  put_head(bytes, event->kind, event->number);
  put(bytes + 16, (uint64_t)event->at_ns, 8);
  put(bytes + 24, (uint64_t)event->due_ns, 8);
  put(bytes + 32, (uint64_t)event->counts, 8);
  put(bytes + 40, event->part, 8);
  put(bytes + 48, event->value, 8);
  bytes[56] = event->action;
  bytes[57] = event->cause;
  bytes[58] = event->verdict;
  bytes[59] = event->confirmation;
  bytes[60] = event->flag;
  bytes[61] = event->code;
}

bool wire_decode_event(const uint8_t bytes[WIRE_BYTES], struct wire_event *event) {
  *event = (struct wire_event){.kind = bytes[3],
                               .action = bytes[56],
                               .cause = bytes[57],
                               .verdict = bytes[58],
                               .confirmation = bytes[59],
                               .flag = bytes[60],
                               .code = bytes[61],
                               .number = get(bytes + 8, 8),
                               .at_ns = (int64_t)get(bytes + 16, 8),
                               .due_ns = (int64_t)get(bytes + 24, 8),
                               .counts = (int64_t)get(bytes + 32, 8),
                               .part = get(bytes + 40, 8),
                               .value = get(bytes + 48, 8)};
  return has_head(bytes) && is_zero(bytes + 62, 2) && event->kind >= WIRE_HELLO;
}
