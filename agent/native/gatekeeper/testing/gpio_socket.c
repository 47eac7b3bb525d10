#define _GNU_SOURCE /* clock_gettime, dprintf */
/*
 * In place of gpio.c, for tests of the whole process on machines without lines: the lines are at the other end of the
 * stream socket named by LINEGATE_TEST_LINES, in words. A test that listens there is the chip; while it does not, there
 * is no chip, and when it hangs up, the chip is gone.
 *
 *   to the test:   "set NAME LEVEL NS"    an output was set, at this time
 *   from the test: "edge NAME LEVEL"      an input changes; stamped with the time of the loop's turn
 */
#include "../gpio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static char input[4096];
static size_t filled;
static bool levels[GPIO_LINES];

static int connect_lines(void) {
  const char *path = getenv("LINEGATE_TEST_LINES");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (path == NULL || fd < 0) return -1;
  (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) return fd;
  (void)close(fd);
  return -1;
}

bool gpio_open(struct gpio *gpio, const struct gpio_line *lines, size_t count, struct fault *fault) {
  memset(gpio, 0, sizeof *gpio);
  int fd = connect_lines();
  if (fd < 0) return fault_set(fault, "There is no GPIO chip %s, for no test listens.", lines[0].chip);
  (void)fcntl(fd, F_SETFL, O_NONBLOCK);
  gpio->requests[0].fd = fd;
  gpio->requests[0].count = (uint32_t)count;
  memcpy(gpio->requests[0].lines, lines, count * sizeof *lines);
  gpio->count = 1;
  filled = 0;
  memset(levels, 0, sizeof levels);
  for (size_t i = 0; i < count; i++) {
    if (lines[i].output) (void)gpio_set(gpio, lines[i].id, false);
  }
  return true;
}

void gpio_close(struct gpio *gpio) {
  if (gpio->count == 0) return;
  const struct gpio_request *request = &gpio->requests[0];
  for (uint32_t i = 0; i < request->count; i++) {
    if (request->lines[i].output) (void)gpio_set(gpio, request->lines[i].id, false);
  }
  (void)close(request->fd);
  gpio->count = 0;
}

static const struct gpio_line *by_id(const struct gpio *gpio, uint8_t id) {
  const struct gpio_request *request = &gpio->requests[0];
  for (uint32_t i = 0; i < request->count; i++) {
    if (request->lines[i].id == id) return &request->lines[i];
  }
  return NULL;
}

bool gpio_set(struct gpio *gpio, uint8_t id, bool active) {
  const struct gpio_line *line = by_id(gpio, id);
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  long long ns = now.tv_sec * 1000000000LL + now.tv_nsec;
  if (line == NULL) return false;
  if (dprintf(gpio->requests[0].fd, "set %s %d %lld\n", line->name, active, ns) > 0) return true;
  gpio->error = ENODEV;
  return false;
}

bool gpio_get(struct gpio *gpio, uint8_t id, bool *active) {
  const struct gpio_line *line = by_id(gpio, id);
  if (line != NULL) *active = levels[id];
  return line != NULL;
}

void gpio_look(struct gpio *gpio) {
  if (gpio->count == 0) return;
  ssize_t count = read(gpio->requests[0].fd, input + filled, sizeof input - filled);
  if (count > 0) filled += (size_t)count;
  if (count == 0 && filled < sizeof input) gpio->error = ENODEV;
}

/* Takes one line of the input; false when there is none. */
static bool take_words(char *words, size_t size) {
  char *end = memchr(input, '\n', filled);
  if (end == NULL) return false;
  size_t length = (size_t)(end - input);
  (void)snprintf(words, size, "%.*s", (int)length, input);
  filled -= length + 1;
  memmove(input, end + 1, filled);
  return true;
}

static const struct gpio_line *by_name(const struct gpio *gpio, const char *name, size_t length) {
  const struct gpio_request *request = &gpio->requests[0];
  for (uint32_t i = 0; i < request->count; i++) {
    const char *known = request->lines[i].name;
    if (strlen(known) == length && strncmp(known, name, length) == 0) return &request->lines[i];
  }
  return NULL;
}

bool gpio_take(struct gpio *gpio, int64_t until, struct gpio_edge *edge) {
  char words[128];
  while (gpio->count > 0 && take_words(words, sizeof words)) {
    const char *name = words + strlen("edge ");
    const char *level = strrchr(words, ' ');
    if (strncmp(words, "edge ", 5) != 0 || level == NULL || level < name) continue;
    const struct gpio_line *line = by_name(gpio, name, (size_t)(level - name));
    bool active = level[1] == '1';
    if (line == NULL || levels[line->id] == active) continue;
    levels[line->id] = active;
    *edge = (struct gpio_edge){.at = until, .id = line->id, .active = active};
    return true;
  }
  return false;
}

bool gpio_waiting(const struct gpio *gpio) {
  (void)gpio;
  return memchr(input, '\n', filled) != NULL;
}
