#include "state.h"

void tell_lost(struct keeper *k) {
  uint64_t from;
  uint64_t to;
  if (k->session.role != WIRE_ROLE_AGENT || !parts_lost(&k->parts, &from, &to)) return;
  tell(k, (struct wire_event){.kind = WIRE_LOST, .part = outside(k, from), .value = outside(k, to)});
}

void tell_interrupted(struct keeper *k, uint64_t part) {
  const struct part_record *r = parts_get(&k->parts, part);
  struct wire_event event = {.kind = WIRE_INTERRUPTED, .part = outside(k, part)};
  if (r != NULL) event.at_ns = r->trigger_ns;
  if (r != NULL && r->closed) {
    event.code = 1;
    event.due_ns = r->closed_due_ns;
    event.value = (uint64_t)r->closed_ns;
    event.action = r->action;
    event.cause = r->cause;
    event.verdict = r->verdict;
    event.confirmation = r->confirmation;
    event.flag = r->too_close;
  }
  tell(k, event);
}

/* Parts of this run that are still open are told when they close. */
static bool is_open(const struct keeper *k, uint64_t part) {
  if (part < k->run_first) return false;
  const struct part_record *r = parts_get(&k->parts, part);
  return r != NULL && !r->closed;
}

uint64_t count_backlog(const struct keeper *k) {
  uint64_t count = 0;
  for (uint64_t part = k->parts.first; part < k->parts.next; part++)
    count += parts_is_kept(&k->parts, part);
  return count;
}

void pump_backlog(struct keeper *k) {
  struct session *s = &k->session;
  if (s->role != WIRE_ROLE_AGENT) return;
  if (s->backlog < k->parts.first) s->backlog = k->parts.first;
  while (s->backlog < s->attach_next && s->queue_count < BACKLOG_ROOM_BYTES) {
    uint64_t part = s->backlog++;
    if (parts_is_kept(&k->parts, part) && !is_open(k, part)) tell_interrupted(k, part);
  }
}
