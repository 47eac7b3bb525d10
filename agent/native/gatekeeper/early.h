/*
 * How long before a gate change the host wakes up, to wait for it with open eyes: a sleeping process is woken late, one
 * that looks at the clock is not. Pure: time is passed in. docs/adr/0012 says why.
 *
 * The lead follows how late this computer's wake-ups are: it rises at once to a late one's lateness and falls slowly.
 * It is never more than the configured most, and looking takes at most a tenth of the time.
 */
#ifndef LINEGATE_EARLY_H
#define LINEGATE_EARLY_H

#include <stdint.h>

/* Times are ns of one monotonic clock. */
struct early {
  int64_t most_ns;
  int64_t lead_ns;      /* what would have been enough of late */
  int64_t allowance_ns; /* may be looked for now */
  int64_t seen_ns;      /* up to when the allowance has grown */
};

/* With a most of 0 the lead is always 0. */
void early_init(struct early *early, int64_t most_ns, int64_t now_ns);

/* A timer that was set for `due_ns` woke the process at `now_ns`. */
void early_woke(struct early *early, int64_t due_ns, int64_t now_ns);

/* How long before a gate change to be awake, as of now. */
int64_t early_lead(struct early *early, int64_t now_ns);

/* So long was looked. */
void early_spent(struct early *early, int64_t ns);

#endif
