#include "notify.h"

#include "log.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

bool notify_send(const char *lines) {
  const char *path = getenv("NOTIFY_SOCKET");
  if (path == NULL) return true;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if ((path[0] != '/' && path[0] != '@') || length >= sizeof address.sun_path) return false;
  memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  ssize_t sent = sendto(fd, lines, strlen(lines), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address, size);
  (void)close(fd);
  return sent >= 0;
}

/* In the order of the bits of enum wire_doubt. */
static const char *const doubt_names[] = {"start", "encoder", "late", "ring", "chip", "no-agent", "stopped"};

void notify_doubts(uint32_t doubts) {
  static uint32_t told = UINT32_MAX;
  if (doubts == told) return;
  char text[128];
  size_t used = (size_t)snprintf(text, sizeof text, "STATUS=%s", doubts == 0 ? "ready, no doubt" : "not ready");
  const char *before = ": ";
  for (size_t i = 0; i < sizeof doubt_names / sizeof doubt_names[0]; i++) {
    if ((doubts >> i & 1) == 0) continue;
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", before, doubt_names[i]);
    before = ", ";
  }
  if (notify_send(text)) told = doubts;
}

/* A positive number from the environment, or 0. */
static int64_t number_of(const char *name) {
  const char *text = getenv(name);
  if (text == NULL || text[0] < '0' || text[0] > '9') return 0;
  char *end = NULL;
  errno = 0;
  long long number = strtoll(text, &end, 10);
  return errno == 0 && *end == '\0' ? number : 0;
}

int64_t notify_watchdog_period(void) {
  int64_t us = number_of("WATCHDOG_USEC");
  int64_t pid = number_of("WATCHDOG_PID");
  if (us < 2 || us > INT64_C(1000000000000) || (pid != 0 && pid != getpid())) return 0;
  return us * 1000 / 2;
}

int notify_relay(void) {
  if (getenv("NOTIFY_SOCKET") == NULL) {
    log_line(
        "There is nobody to notify, for NOTIFY_SOCKET is not set; start this under a systemd unit with Type=notify.");
    return 2;
  }
  char line[1024];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    if (line[0] != '\0' && !notify_send(line)) log_line("A notification could not be sent: %s.", strerror(errno));
  }
  return 0;
}
