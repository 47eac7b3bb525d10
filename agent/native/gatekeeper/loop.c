#define _GNU_SOURCE /* timerfd, signalfd */
#include "host.h"

#include "log.h"
#include "notify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
#define MICROSECOND INT64_C(1000)

/* Looks at the lines at least so often: kernels before 6.7 wake nobody when a chip goes. */
#define LOOK_PERIOD_NS INT64_C(500000000)

/* A clock that shows the same time so often in a row goes on only while everybody sleeps, as that of a simulated
 * kernel.
 */
#define STILL_LOOKS 1000

enum { TIMER, SIGNALS, LISTENER, PEER, LINES };

int64_t host_now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

/* --- waiting --- */

static bool open_waiting(struct host *host, struct fault *fault) {
  sigset_t asked;
  (void)sigemptyset(&asked);
  (void)sigaddset(&asked, SIGTERM);
  (void)sigaddset(&asked, SIGINT);
  (void)sigaddset(&asked, SIGHUP);
  (void)sigprocmask(SIG_BLOCK, &asked, NULL);
  host->signals = signalfd(-1, &asked, SFD_CLOEXEC | SFD_NONBLOCK);
  host->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (host->signals >= 0 && host->timer >= 0) return true;
  return fault_set(fault, "Neither timers nor signals can be waited for: %s; see the limits of the unit.",
                   strerror(errno));
}

/* What there is to do, as of one reading of the clock. */
struct work {
  int64_t at;
  bool came; /* something may wait to be read; else a time has come */
};

static int64_t sooner(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t later(int64_t a, int64_t b) { return a > b ? a : b; }

/* Where a negative file descriptor stands nothing is looked at. Returns how many there are. */
static size_t list_waited(const struct host *host, struct pollfd *what) {
  what[TIMER] = (struct pollfd){.fd = host->timer, .events = POLLIN};
  what[SIGNALS] = (struct pollfd){.fd = host->signals, .events = POLLIN};
  what[LISTENER] = (struct pollfd){.fd = host->listener, .events = POLLIN};
  what[PEER] = (struct pollfd){.fd = host->peer, .events = host->peer_waits ? POLLIN | POLLOUT : POLLIN};
  size_t count = LINES;
  for (size_t i = 0; i < host->gpio.count; i++) {
    what[count++] = (struct pollfd){.fd = host->gpio.requests[i].fd, .events = POLLIN};
  }
  return count;
}

/* Whether there is something to do. */
static bool look(struct host *host, struct pollfd *what, size_t count, int timeout_ms) {
  int ready = poll(what, count, timeout_ms);
  if (ready < 0) {
    for (size_t i = 0; i < count; i++)
      what[i].revents = 0;
  }
  for (size_t i = LINES; i < count; i++) {
    bool gone = (what[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (gone && host->gpio.error == 0) host->gpio.error = ENODEV;
  }
  return ready > 0;
}

/* An absolute time that is over makes the timer ready at once; 0 would disarm it. */
static void sleep_until(struct host *host, struct pollfd *what, size_t count, int64_t now, int64_t at) {
  at = sooner(at, now + LOOK_PERIOD_NS);
  if (host->lines_lost) at = sooner(at, host->reclaim_at);
  if (host->watchdog_period > 0) at = sooner(at, host->watchdog_at);
  if (at < 1) at = 1;
  host->timer_at = later(at, now);
  struct itimerspec when = {.it_value = {.tv_sec = at / SECOND, .tv_nsec = at % SECOND}};
  (void)timerfd_settime(host->timer, TFD_TIMER_ABSTIME, &when, NULL);
  (void)look(host, what, count, -1);
}

/* Looks again and again until there is something to do. The clock is read before each look, so that nothing that came
 * up to `at` is missed. False where nothing is to do after `most`, or the clock stands still while nobody sleeps. */
static bool stay_awake(struct host *host, struct pollfd *what, size_t count, struct work *work, int64_t most) {
  int64_t due = keeper_next(&host->keeper);
  int64_t from = work->at;
  int64_t end = sooner(due, from + most);
  int still = 0;
  do {
    int64_t before = work->at;
    work->at = host_now();
    still = work->at == before ? still + 1 : 0;
    work->came = look(host, what, count, 0);
  } while (!work->came && work->at < end && still < STILL_LOOKS);
  early_spent(&host->early, work->at - from);
  return work->came || work->at >= due;
}

/* Waits until there is something to do: before a gate is to move awake, if permitted. */
static struct work wait_for_work(struct host *host, struct pollfd *what) {
  struct work work = {.at = host_now(), .came = true};
  size_t count = list_waited(host, what);
  int64_t next = keeper_next(&host->keeper);
  int64_t gate = keeper_next_gate(&host->keeper);
  int64_t lead = early_lead(&host->early, work.at);
  /* The lead may have become a little shorter since the timer was set for it. */
  int64_t most = lead + lead / 8;
  bool soon = lead > 0 && gate - work.at <= most;
  if (gpio_waiting(&host->gpio) || (host->gpio.error != 0 && !host->lines_lost)) {
    (void)look(host, what, count, 0);
  } else if (!soon) {
    sleep_until(host, what, count, work.at, sooner(next, gate - lead));
  } else if (stay_awake(host, what, count, &work, most)) {
    if (!work.came) return work;
  } else {
    sleep_until(host, what, count, work.at, next);
  }
  return (struct work){.at = host_now(), .came = true};
}

/* --- working --- */

static void apply_actions(struct host *host) {
  struct keeper_action action;
  while (keeper_take_action(&host->keeper, &action)) {
    if (action.kind == KEEPER_SET) {
      lines_apply(host, &action);
    } else {
      peer_close(host, host_now());
    }
  }
}

static void take_signal(struct host *host) {
  struct signalfd_siginfo signal;
  if (read(host->signals, &signal, sizeof signal) != (ssize_t)sizeof signal) return;
  log_line("Signal %u: the gatekeeper stops.", signal.ssi_signo);
  host->stopping = true;
}

static void feed_watchdog(struct host *host, int64_t now) {
  if (host->watchdog_period == 0 || now < host->watchdog_at) return;
  host->watchdog_at = now + host->watchdog_period;
  (void)notify_send("WATCHDOG=1");
}

/* What came is told in this order, all of it as of one reading of the clock, as the keeper asks. */
static void turn(struct host *host, const struct pollfd *what, struct work work) {
  uint64_t expirations;
  if (what[TIMER].revents != 0) (void)!read(host->timer, &expirations, sizeof expirations);
  int64_t now = work.at;
  if (what[TIMER].revents != 0) early_woke(&host->early, host->timer_at, now);
  lines_watch(host, now);
  if (work.came) lines_tell_edges(host, now);
  if (what[PEER].revents != 0) peer_receive(host, now);
  if (what[LISTENER].revents != 0) peer_accept(host, now);
  keeper_tick(&host->keeper, now);
  apply_actions(host);
  peer_flush(host, now);
  feed_watchdog(host, now);
  notify_doubts(keeper_doubts(&host->keeper));
  if (what[SIGNALS].revents != 0) take_signal(host);
}

static void stop(struct host *host) {
  (void)notify_send("STOPPING=1\nSTATUS=stopping");
  keeper_stop(&host->keeper, host_now());
  apply_actions(host);
  peer_close(host, host_now());
  gpio_close(&host->gpio);
}

bool loop_run(struct host *host, struct fault *fault) {
  struct pollfd what[LINES + GPIO_REQUESTS];
  if (!open_waiting(host, fault)) return false;
  host->watchdog_period = notify_watchdog_period();
  if (!notify_send("READY=1")) log_line("systemd could not be told: %s.", strerror(errno));
  lines_tell_levels(host, host_now());
  int64_t early_us = host->realtime ? host->conf.number[CONF_WAKE_EARLY_US] : 0;
  early_init(&host->early, early_us * MICROSECOND, host_now());
  while (!host->stopping) {
    struct work work = wait_for_work(host, what);
    turn(host, what, work);
  }
  stop(host);
  return true;
}
