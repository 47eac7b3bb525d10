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

/* Looks at the lines at least so often: kernels before 6.7 wake nobody when a chip goes. */
#define LOOK_PERIOD_NS INT64_C(500000000)

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

static int64_t sooner(int64_t a, int64_t b) { return a < b ? a : b; }

/* An absolute time that is over makes the timer ready at once; 0 would disarm it. */
static void set_timer(const struct host *host, int64_t now) {
  int64_t at = sooner(keeper_next(&host->keeper), now + LOOK_PERIOD_NS);
  if (host->lines_lost) at = sooner(at, host->reclaim_at);
  if (host->watchdog_period > 0) at = sooner(at, host->watchdog_at);
  if (at < 1) at = 1;
  struct itimerspec when = {.it_value = {.tv_sec = at / SECOND, .tv_nsec = at % SECOND}};
  (void)timerfd_settime(host->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Waits until there is something to do. A negative file descriptor is not looked at. */
static void wait_for_work(struct host *host, struct pollfd *what) {
  what[TIMER] = (struct pollfd){.fd = host->timer, .events = POLLIN};
  what[SIGNALS] = (struct pollfd){.fd = host->signals, .events = POLLIN};
  what[LISTENER] = (struct pollfd){.fd = host->listener, .events = POLLIN};
  what[PEER] = (struct pollfd){.fd = host->peer, .events = host->peer_waits ? POLLIN | POLLOUT : POLLIN};
  size_t count = LINES;
  for (size_t i = 0; i < host->gpio.count; i++) {
    what[count++] = (struct pollfd){.fd = host->gpio.requests[i].fd, .events = POLLIN};
  }
  bool more = gpio_waiting(&host->gpio) || (host->gpio.error != 0 && !host->lines_lost);
  if (poll(what, count, more ? 0 : -1) < 0) {
    for (size_t i = 0; i < count; i++)
      what[i].revents = 0;
  }
  for (size_t i = LINES; i < count; i++) {
    bool gone = (what[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (gone && host->gpio.error == 0) host->gpio.error = ENODEV;
  }
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
static void turn(struct host *host, const struct pollfd *what) {
  uint64_t expirations;
  if (what[TIMER].revents != 0) (void)!read(host->timer, &expirations, sizeof expirations);
  int64_t now = host_now();
  lines_watch(host, now);
  lines_tell_edges(host, now);
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
  while (!host->stopping) {
    set_timer(host, host_now());
    wait_for_work(host, what);
    turn(host, what);
  }
  stop(host);
  return true;
}
