#include "early.h"

/* Of the difference, at each wake-up: one late in a thousand keeps the lead up, a quiet computer has a short one after
 * minutes. */
#define FALL 4096
/* Looking takes at most one part in so many of the time, */
#define SHARE 10
/* and in one go so many leads: a gate that goes on and, shortly after, off. */
#define LEADS 2

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

void early_init(struct early *early, int64_t most_ns, int64_t now_ns) {
  *early = (struct early){.most_ns = most_ns, .allowance_ns = LEADS * most_ns, .seen_ns = now_ns};
}

void early_woke(struct early *early, int64_t due_ns, int64_t now_ns) {
  if (now_ns < due_ns) return;
  int64_t late_ns = least(now_ns - due_ns, early->most_ns);
  if (late_ns > early->lead_ns) {
    early->lead_ns = late_ns;
  } else {
    early->lead_ns -= (early->lead_ns - late_ns) / FALL;
  }
}

int64_t early_lead(struct early *early, int64_t now_ns) {
  if (now_ns > early->seen_ns) {
    int64_t grown_ns = (now_ns - early->seen_ns) / SHARE;
    early->allowance_ns = least(early->allowance_ns + grown_ns, LEADS * early->most_ns);
    early->seen_ns = now_ns;
  }
  int64_t lead_ns = least(early->lead_ns, early->allowance_ns);
  return lead_ns > 0 ? lead_ns : 0;
}

void early_spent(struct early *early, int64_t ns) { early->allowance_ns -= ns; }
