#include "state.h"

#include <string.h>

static void see(struct keeper *k, int64_t now_ns) {
  if (now_ns > k->now_ns) k->now_ns = now_ns;
  k->at_ns = k->now_ns;
}

void keeper_connected(struct keeper *k, uint64_t nonce, int64_t now_ns) {
  uint64_t offset;
  see(k, now_ns);
  memset(&k->session, 0, sizeof k->session);
  k->session.connected = true;
  k->session.nonce = nonce;
  bool known = parts_offset(&k->parts, &offset);
  tell(k, (struct wire_event){.kind = WIRE_HELLO,
                              .due_ns = (int64_t)k->conf.digest,
                              .part = outside(k, k->parts.next),
                              .value = nonce,
                              .flag = known});
  if (k->stopped) refuse(k, WIRE_REFUSED_STOPPING);
  update_ready(k);
}

void keeper_disconnected(struct keeper *k, int64_t now_ns) {
  see(k, now_ns);
  drop_holds(k);
  k->session.role = 0;
  k->session.connected = false;
  k->session.closing = false;
  update_ready(k);
}

/* --- what the agent says --- */

static void tell_levels(struct keeper *k) {
  for (int input = KEEPER_BIN_FULL; input <= KEEPER_ESTOP_STATUS; input++)
    tell(k, (struct wire_event){.kind = WIRE_INPUT, .code = (uint8_t)input, .flag = k->input_levels[input]});
}

/* The numbers of a new ring begin with the agent's first part; later an agent must not know of parts that we do not. */
static bool fits(struct keeper *k, uint64_t first_part) {
  uint64_t offset;
  if (parts_offset(&k->parts, &offset)) return first_part <= k->parts.next + offset;
  parts_fix_offset(&k->parts, first_part - 1);
  return true;
}

static enum wire_refusal attach(struct keeper *k, const struct wire_request *r) {
  struct session *s = &k->session;
  if (s->role != 0) return WIRE_REFUSED_ORDER;
  bool agent = r->argument == WIRE_ROLE_AGENT;
  if (agent && !fits(k, r->part)) return WIRE_REFUSED_AHEAD;
  s->role = r->argument;
  s->heard_ns = k->now_ns;
  s->attach_next = k->parts.next;
  s->backlog = k->parts.first;
  tell(k, (struct wire_event){
              .kind = WIRE_ATTACHED, .part = outside(k, k->parts.next), .value = agent ? count_backlog(k) : 0});
  tell_levels(k);
  tell_lost(k);
  if (k->parts.unreadable > 0) tell_fault(k, WIRE_FAULT_RING_DAMAGED, k->parts.unreadable);
  /* With this fail-safe the parts of before would pass unsorted. */
  if (k->conf.gate.fail_safe == TRACK_FAIL_SAFE_PASS && is_part_open(k)) doubt(k, WIRE_DOUBT_START);
  k->doubts_told = UINT32_MAX;
  return WIRE_ACCEPTED;
}

static uint64_t not_taken(const struct track *t) {
  return t->counters.verdicts_late + t->counters.verdicts_unknown + t->counters.verdicts_repeated;
}

/* The first gate lets pass what is to be reviewed when there is a second for that. */
static void give_verdict(struct keeper *k, uint64_t part, enum track_verdict verdict) {
  bool review = verdict == TRACK_VERDICT_REVIEW;
  bool two = k->gate_count > 1;
  uint64_t before = not_taken(&k->gates[0].track);
  k->verdict_given = (uint8_t)verdict;
  track_verdict(&k->gates[0].track, part, two && review ? TRACK_VERDICT_PASS : verdict, belt_now(k));
  bool taken = not_taken(&k->gates[0].track) == before;
  const struct part_record *found = parts_get(&k->parts, part);
  if (taken && found != NULL) {
    struct part_record record = *found;
    record.verdict = (uint8_t)verdict;
    parts_put(&k->parts, &record);
  }
  if (taken && two) {
    track_verdict(&k->gates[1].track, part, review ? TRACK_VERDICT_REJECT : TRACK_VERDICT_PASS, belt_now(k));
  }
  follow(k);
}

static enum wire_refusal take_verdict(struct keeper *k, const struct wire_request *r) {
  uint64_t offset;
  if (k->session.role != WIRE_ROLE_AGENT) return WIRE_REFUSED_ROLE;
  (void)parts_offset(&k->parts, &offset);
  uint64_t part = r->part - offset;
  if (r->part > offset && part >= k->session.attach_next && part < k->parts.next) {
    give_verdict(k, part, (enum track_verdict)r->argument);
  } else {
    tell(k, (struct wire_event){.kind = WIRE_TRACK + TRACK_VERDICT_UNKNOWN, .part = r->part, .verdict = r->argument});
  }
  return WIRE_ACCEPTED;
}

static enum wire_refusal acknowledge(struct keeper *k, const struct wire_request *r) {
  uint64_t offset;
  if (k->session.role != WIRE_ROLE_AGENT) return WIRE_REFUSED_ROLE;
  (void)parts_offset(&k->parts, &offset);
  uint64_t part = r->part - offset;
  if (r->part <= offset || part >= k->parts.next) return WIRE_REFUSED_RANGE;
  const struct part_record *record = parts_get(&k->parts, part);
  if (record != NULL && !record->closed && part >= k->run_first) return WIRE_REFUSED_RANGE;
  parts_acknowledge(&k->parts, part);
  return WIRE_ACCEPTED;
}

static enum wire_refusal resume(struct keeper *k, const struct wire_request *r) {
  for (uint32_t g = 0; g < k->gate_count; g++)
    track_resume(&k->gates[g].track);
  if (r->argument == 1 && !is_part_open(k)) clear_doubts(k);
  return WIRE_ACCEPTED;
}

static enum wire_refusal take_request(struct keeper *k, const struct wire_request *r) {
  struct session *s = &k->session;
  if (s->role == 0 && r->kind != WIRE_ATTACH) return WIRE_REFUSED_ORDER;
  switch ((enum wire_request_kind)r->kind) {
  case WIRE_ATTACH: return attach(k, r);
  case WIRE_VERDICT: return take_verdict(k, r);
  case WIRE_ACKNOWLEDGE: return acknowledge(k, r);
  case WIRE_HEARTBEAT: s->heard_ns = k->now_ns; break;
  case WIRE_RESUME: return resume(k, r);
  case WIRE_DETACH: refuse(k, WIRE_ACCEPTED); break;
  case WIRE_HOLD_GATE:
    if (s->role != WIRE_ROLE_COMMISSION) return WIRE_REFUSED_ROLE;
    hold_gate(k, (uint32_t)r->argument - 1);
    break;
  }
  return WIRE_ACCEPTED;
}

static void take_record(struct keeper *k) {
  struct session *s = &k->session;
  struct wire_request request;
  enum wire_refusal why = wire_decode(s->partial, &request);
  if (why == WIRE_ACCEPTED && request.nonce != s->nonce) why = WIRE_REFUSED_NONCE;
  if (why == WIRE_ACCEPTED && request.number != s->received + 1) why = WIRE_REFUSED_NUMBER;
  if (why == WIRE_ACCEPTED) {
    s->received++;
    why = take_request(k, &request);
  }
  if (why != WIRE_ACCEPTED) refuse(k, why);
}

void keeper_bytes(struct keeper *k, const uint8_t *bytes, size_t count, int64_t now_ns) {
  struct session *s = &k->session;
  see(k, now_ns);
  for (size_t i = 0; i < count && s->connected && !s->closing; i++) {
    s->partial[s->partial_count++] = bytes[i];
    if (s->partial_count < WIRE_BYTES) continue;
    s->partial_count = 0;
    take_record(k);
  }
  pump_backlog(k);
  update_ready(k);
}
