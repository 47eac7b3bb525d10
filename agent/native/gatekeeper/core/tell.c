#include "state.h"

static void enqueue(struct keeper *k, struct wire_event event) {
  struct session *s = &k->session;
  event.number = ++s->sent;
  if (event.at_ns == 0 && event.kind != WIRE_INTERRUPTED) event.at_ns = k->at_ns;
  if (is_encoder_based(k)) event.counts = event.kind == WIRE_ENCODER ? k->encoder.position_counts : belt_now(k);
  wire_encode(&event, s->queue + (s->queue_first + s->queue_count) % SEND_BYTES);
  s->queue_count += WIRE_BYTES;
}

/* Room for one record after this one, so that a REFUSED always has a place. A record half sent takes a whole one. */
static bool has_room(const struct session *s) { return s->queue_count + 3 * (size_t)WIRE_BYTES <= SEND_BYTES; }

void tell(struct keeper *k, struct wire_event event) {
  if (!k->session.connected || k->session.closing) return;
  if (has_room(&k->session)) {
    enqueue(k, event);
  } else {
    refuse(k, WIRE_REFUSED_SLOW);
  }
}

void tell_fault(struct keeper *k, enum wire_fault fault, uint64_t value) {
  if (k->session.role == 0) return;
  tell(k, (struct wire_event){.kind = WIRE_FAULT, .code = (uint8_t)fault, .value = value});
}

uint64_t outside(const struct keeper *k, uint64_t part) {
  uint64_t offset;
  (void)parts_offset(&k->parts, &offset);
  return part == 0 ? 0 : part + offset;
}

void refuse(struct keeper *k, enum wire_refusal why) {
  struct session *s = &k->session;
  if (!s->connected || s->closing) return;
  if (why != WIRE_ACCEPTED) enqueue(k, (struct wire_event){.kind = WIRE_REFUSED, .code = (uint8_t)why});
  s->closing = true;
  s->role = 0;
  drop_holds(k);
}

void keeper_busy(uint8_t bytes[WIRE_BYTES], int64_t now_ns) {
  wire_encode(&(struct wire_event){.kind = WIRE_REFUSED, .number = 1, .at_ns = now_ns, .code = WIRE_REFUSED_BUSY},
              bytes);
}

size_t keeper_pending(const struct keeper *k, const uint8_t **bytes) {
  const struct session *s = &k->session;
  *bytes = s->queue + s->queue_first;
  if (!s->connected) return 0;
  size_t to_end = SEND_BYTES - s->queue_first;
  return s->queue_count < to_end ? s->queue_count : to_end;
}

void keeper_sent(struct keeper *k, size_t count, int64_t now_ns) {
  struct session *s = &k->session;
  if (!s->connected) return;
  if (count > s->queue_count) count = s->queue_count;
  s->queue_first = (s->queue_first + count) % SEND_BYTES;
  s->queue_count -= count;
  if (now_ns > k->now_ns) k->now_ns = now_ns;
  k->at_ns = k->now_ns;
  pump_backlog(k);
}
