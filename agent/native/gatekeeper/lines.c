#define _GNU_SOURCE /* sigaction */
#include "host.h"

#include "log.h"
#include "settings.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#define RECLAIM_PERIOD_NS INT64_C(500000000)

bool lines_claim(struct host *host, struct fault *fault) {
  return gpio_open(&host->gpio, host->conf.lines, host->conf.line_count, fault);
}

void lines_tell_levels(struct host *host, int64_t now) {
  for (size_t i = 0; i < host->conf.line_count; i++) {
    const struct gpio_line *line = &host->conf.lines[i];
    bool active = false;
    if (line->output || !gpio_get(&host->gpio, line->id, &active)) continue;
    keeper_level(&host->keeper, settings_input(line->id), active, now);
  }
}

void lines_tell_edges(struct host *host, int64_t now) {
  struct gpio_edge edge;
  gpio_look(&host->gpio);
  while (gpio_take(&host->gpio, now, &edge)) {
    keeper_edge(&host->keeper, settings_input(edge.id), edge.at, edge.active, edge.lost);
  }
}

void lines_apply(struct host *host, const struct keeper_action *action) {
  if (host->lines_lost) return;
  if (gpio_set(&host->gpio, (uint8_t)settings_role(action->output), action->active)) {
    keeper_applied(&host->keeper, action, host_now());
  }
}

/* --- a chip that goes and comes back --- */

static void lose(struct host *host, int64_t now) {
  log_line("The GPIO lines are gone (%s); until they are back every part is unsorted and ready is off.",
           strerror(host->gpio.error));
  gpio_close(&host->gpio);
  lines_guard(host);
  host->lines_lost = true;
  host->reclaim_at = now + RECLAIM_PERIOD_NS;
  keeper_chip_lost(&host->keeper, now);
}

static void reclaim(struct host *host, int64_t now) {
  struct fault fault;
  host->reclaim_at = now + RECLAIM_PERIOD_NS;
  if (!lines_claim(host, &fault)) return;
  host->lines_lost = false;
  log_line("The GPIO lines are back.");
  lines_guard(host);
  keeper_chip_back(&host->keeper, host_now());
  lines_tell_levels(host, host_now());
}

void lines_watch(struct host *host, int64_t now) {
  if (!host->lines_lost && host->gpio.error != 0) {
    lose(host, now);
  } else if (host->lines_lost && now >= host->reclaim_at) {
    reclaim(host, now);
  }
}

/* --- the end --- */

bool lines_de_energise(struct host *host, struct fault *fault) {
  bool all = true;
  for (size_t i = 0; i < host->conf.line_count; i++) {
    if (!host->conf.lines[i].output) continue;
    all &= gpio_open(&host->gpio, &host->conf.lines[i], 1, fault);
    gpio_close(&host->gpio);
  }
  return all;
}

/* What the signal handler may touch. */
static struct {
  int fd;
  struct gpio_v2_line_values inactive;
} guarded[GPIO_REQUESTS];
static volatile sig_atomic_t guarded_count;

static void on_crash(int number) {
  for (int i = 0; i < guarded_count; i++)
    (void)ioctl(guarded[i].fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &guarded[i].inactive);
  (void)raise(number); /* the handler is gone: now it ends the process */
}

void lines_guard(const struct host *host) {
  guarded_count = 0;
  int count = 0;
  for (size_t i = 0; i < host->gpio.count; i++) {
    const struct gpio_request *request = &host->gpio.requests[i];
    if (!request->lines[0].output) continue;
    guarded[count].fd = request->fd;
    guarded[count].inactive = (struct gpio_v2_line_values){.bits = 0, .mask = (UINT64_C(1) << request->count) - 1};
    count++;
  }
  guarded_count = count;
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU, SIGQUIT};
  struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
    (void)sigaction(crashes[i], &action, NULL);
}
