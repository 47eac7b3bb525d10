/*
 * linegate-lateness: how late a timer of the gatekeeper's kind is on this device (timerfd on CLOCK_MONOTONIC in a poll
 * set, SCHED_FIFO and mlockall when permitted). It touches no line. `linegate commission` runs it under load.
 *
 *   linegate-lateness SECONDS [WAKE_EARLY_US]     from 1 to 600 s, a timer each 5 ms; 0 to 10,000 us
 *
 * With WAKE_EARLY_US it is awake before its time as the gatekeeper is before it moves a gate (docs/adr/0012), if
 * SCHED_FIFO is permitted; without, it sleeps until the timer, as for everything else.
 *
 * Prints "realtime 1" or "realtime 0", then one line a timer: how late in ns. Exit status: 0; 2 the command line is
 * wrong; 3 the machine lacks something.
 */
#define _GNU_SOURCE /* mlockall, timerfd */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "gatekeeper/early.h"

#define PRIORITY 40 /* as in gatekeeper/realtime.c */
#define PERIOD_NS INT64_C(5000000)
#define SECOND_NS INT64_C(1000000000)
#define SECONDS_MAX 600
#define MICROSECOND_NS INT64_C(1000)
#define WAKE_EARLY_US_MAX 10000
#define SAMPLES_MAX (SECONDS_MAX * (SECOND_NS / PERIOD_NS))

enum exit_status { EXIT_AS_ASKED = 0, EXIT_WRONG_INPUT = 2, EXIT_MACHINE = 3 };

static int64_t samples[SAMPLES_MAX];

static int64_t now_ns(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * SECOND_NS + now.tv_nsec;
}

static bool realtime_enter(void) {
  const struct sched_param parameters = {.sched_priority = PRIORITY};
  const bool locked = mlockall(MCL_CURRENT) == 0;
  return sched_setscheduler(0, SCHED_FIFO, &parameters) == 0 && locked;
}

/* Sleeps until then; how late it was, or -1. */
static int64_t sleep_until(int timer, int64_t due_ns) {
  const struct itimerspec at = {.it_value = {.tv_sec = due_ns / SECOND_NS, .tv_nsec = due_ns % SECOND_NS}};
  if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL) != 0) return -1;
  struct pollfd set = {.fd = timer, .events = POLLIN};
  while (poll(&set, 1, -1) < 0) {
    if (errno != EINTR) return -1;
  }
  return now_ns() - due_ns;
}

/* Looks until then at what the gatekeeper would look at, of which nothing comes here. */
static void stay_awake(int timer, int64_t due_ns, struct early *early) {
  const int64_t from_ns = now_ns();
  for (int64_t at_ns = from_ns; at_ns < due_ns; at_ns = now_ns()) {
    struct pollfd set = {.fd = timer, .events = POLLIN};
    (void)poll(&set, 1, 0);
  }
  early_spent(early, now_ns() - from_ns);
}

/* Waits for one time; how late it was, or -1. */
static int64_t lateness_of(int timer, int64_t due_ns, struct early *early) {
  const int64_t wake_ns = due_ns - early_lead(early, now_ns());
  const int64_t late_ns = sleep_until(timer, wake_ns);
  if (late_ns < 0) return -1;
  early_woke(early, wake_ns, wake_ns + late_ns);
  const struct itimerspec never = {0};
  if (timerfd_settime(timer, 0, &never, NULL) != 0) return -1;
  stay_awake(timer, due_ns, early);
  return now_ns() - due_ns;
}

static int fail(const char *what) {
  (void)fprintf(stderr, "linegate-lateness: %s: %s.\n", what, strerror(errno));
  return EXIT_MACHINE;
}

/* A whole number from `least` to `most`, or -1. */
static int64_t number(const char *text, int64_t least, int64_t most) {
  char *end = NULL;
  const int64_t value = strtoll(text, &end, 10);
  return end == text || *end != 0 || value < least || value > most ? -1 : value;
}

/* Prints how late each timer of so many seconds was. */
static int measure(int timer, int64_t seconds, int64_t early_us) {
  const bool realtime = realtime_enter();
  const int64_t start_ns = now_ns();
  struct early early;
  early_init(&early, realtime ? early_us * MICROSECOND_NS : 0, start_ns);
  int64_t taken = 0;
  /* A timer that is later than the next one's time takes its place, as a late gatekeeper's would. */
  for (int64_t due_ns = start_ns + PERIOD_NS; due_ns < start_ns + seconds * SECOND_NS; due_ns += PERIOD_NS) {
    samples[taken] = lateness_of(timer, due_ns, &early);
    if (samples[taken++] < 0) return fail("The timer failed");
  }
  (void)printf("realtime %d\n", realtime ? 1 : 0);
  for (int64_t i = 0; i < taken; i++)
    (void)printf("%lld\n", (long long)samples[i]);
  return fflush(stdout) == 0 ? EXIT_AS_ASKED : fail("Standard output cannot be written");
}

int main(int count, char **arguments) {
  const bool given = count == 2 || count == 3;
  const int64_t seconds = given ? number(arguments[1], 1, SECONDS_MAX) : -1;
  const int64_t early_us = count == 3 ? number(arguments[2], 0, WAKE_EARLY_US_MAX) : 0;
  if (seconds < 0 || early_us < 0) {
    (void)fprintf(stderr,
                  "linegate-lateness: Give the seconds to measure, from 1 to %d, and, if wanted, how early to wake up, "
                  "from 0 to %d us.\n",
                  SECONDS_MAX, WAKE_EARLY_US_MAX);
    return EXIT_WRONG_INPUT;
  }
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  if (timer < 0) return fail("No timer could be made");
  return measure(timer, seconds, early_us);
}
