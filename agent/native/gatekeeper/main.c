/*
 * linegate-gatekeeper: owns every GPIO line of a station and decides when the gate moves. docs/gatekeeper.md.
 *
 *   linegate-gatekeeper --conf FILE                 runs until SIGTERM, SIGINT or SIGHUP
 *   linegate-gatekeeper --conf FILE --check         says whether the file is right; touches nothing
 *   linegate-gatekeeper --conf FILE --de-energise   makes every output inactive (for ExecStopPost)
 *   linegate-gatekeeper --notify                    tells systemd each line of standard input
 *   linegate-gatekeeper --version
 *
 * Exit status: 0 as asked; 2 the command line or FILE is wrong; 3 the machine lacks something or another gatekeeper
 * runs.
 */
#include "host.h"
#include "listen.h"
#include "log.h"
#include "notify.h"
#include "realtime.h"
#include "settings.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef LINEGATE_VERSION
#define LINEGATE_VERSION "unknown"
#endif

enum exit_status { EXIT_AS_ASKED = 0, EXIT_WRONG_INPUT = 2, EXIT_MACHINE = 3 };

static struct host host = {.listener = HOST_NONE, .peer = HOST_NONE, .timer = HOST_NONE, .signals = HOST_NONE};

static int fail(int status, const struct fault *fault) {
  log_line("%s", fault->text);
  return status;
}

/* The kernel's debounce stamps an edge in a work queue, some of its ticks late: measured 2 to 3 ms for 500 us, and more
 * under load. */
static void warn_of_debounce(void) {
  for (size_t i = 0; i < host.conf.line_count; i++) {
    const struct gpio_line *line = &host.conf.lines[i];
    if (line->id != CONF_TRIGGER || line->debounce_us == 0) continue;
    log_line("trigger has debounce-us=%u, which makes its times late by some ms and uneven; leave it out and let "
             "trigger-dead take the bounces.",
             line->debounce_us);
  }
}

/* Sees in memory of its own whether the keeper accepts the settings; the ring of a running gatekeeper stays alone. */
static bool check_settings(const char *path, struct fault *fault) {
  static _Alignas(8) uint8_t memory[(PARTS_CAPACITY_MIN + 64) * PARTS_RECORD_BYTES];
  if (!conf_read(&host.conf, path, fault)) return false;
  settings_of(&host.conf, &host.settings);
  const char *wrong = keeper_init(&host.keeper, &host.settings, memory, parts_bytes(PARTS_CAPACITY_MIN), host_now());
  return wrong == NULL || fault_set(fault, "%s: %s", path, wrong);
}

static bool open_ring(struct fault *fault) {
  bool fresh = false;
  if (!store_open(&host.ring, host.conf.text[CONF_RING], parts_bytes(PARTS_CAPACITY_DEFAULT), &fresh, fault))
    return false;
  const char *wrong = keeper_init(&host.keeper, &host.settings, host.ring.memory, host.ring.size, host_now());
  if (wrong != NULL) return fault_set(fault, "%s", wrong);
  if (fresh) log_line("The ring %s begins anew.", host.conf.text[CONF_RING]);
  return true;
}

static bool open_socket(struct fault *fault) {
  int64_t agent = host.conf.number[CONF_AGENT_UID];
  uid_t owner = agent == CONF_NOBODY ? geteuid() : (uid_t)agent;
  host.listener = listen_open(host.conf.text[CONF_SOCKET], owner, fault);
  return host.listener >= 0;
}

/* The outputs first: they are inactive from here on, whatever else fails. */
static int run(void) {
  struct fault fault;
  if (!lines_claim(&host, &fault)) return fail(EXIT_MACHINE, &fault);
  lines_guard(&host);
  bool opened = open_ring(&fault) && open_socket(&fault);
  if (opened) host.realtime = realtime_enter();
  bool ran = opened && loop_run(&host, &fault);
  gpio_close(&host.gpio);
  if (host.listener >= 0) (void)unlink(host.conf.text[CONF_SOCKET]);
  store_close(&host.ring);
  return ran ? EXIT_AS_ASKED : fail(EXIT_MACHINE, &fault);
}

static int with_conf(const char *path, const char *what) {
  struct fault fault;
  if (!check_settings(path, &fault)) return fail(EXIT_WRONG_INPUT, &fault);
  if (what == NULL || strcmp(what, "--check") == 0) warn_of_debounce();
  if (what == NULL) return run();
  if (strcmp(what, "--check") == 0) {
    (void)printf("%s is right, digest %016llx.\n", path, (unsigned long long)host.conf.digest);
    return EXIT_AS_ASKED;
  }
  return lines_de_energise(&host, &fault) ? EXIT_AS_ASKED : fail(EXIT_MACHINE, &fault);
}

static int usage(void) {
  log_line("Give --conf FILE, alone or with --check or --de-energise; or --notify; or --version.");
  return EXIT_WRONG_INPUT;
}

int main(int count, char **arguments) {
  (void)signal(SIGPIPE, SIG_IGN);
  if (count == 2 && strcmp(arguments[1], "--version") == 0) {
    (void)printf("linegate-gatekeeper %s\n", LINEGATE_VERSION);
    return EXIT_AS_ASKED;
  }
  if (count == 2 && strcmp(arguments[1], "--notify") == 0) return notify_relay();
  if (count < 3 || count > 4 || strcmp(arguments[1], "--conf") != 0) return usage();
  const char *what = count == 4 ? arguments[3] : NULL;
  bool known = what == NULL || strcmp(what, "--check") == 0 || strcmp(what, "--de-energise") == 0;
  return known ? with_conf(arguments[2], what) : usage();
}
