#include "gpio.h"

#include "gpio_find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CONSUMER "linegate-gatekeeper"
#define NOT_CLAIMED (-1)

/* --- claiming --- */

static uint64_t flags_of(const struct gpio_line *line) {
  static const uint64_t bias[] = {0, GPIO_V2_LINE_FLAG_BIAS_DISABLED, GPIO_V2_LINE_FLAG_BIAS_PULL_UP,
                                  GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN};
  uint64_t edges = GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
  uint64_t flags = line->output ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT | edges;
  if (line->active_low) flags |= GPIO_V2_LINE_FLAG_ACTIVE_LOW;
  return flags | bias[line->bias % 4];
}

/* The attribute with this number and value, for one line more; NULL when there are ten others: the kernel takes no
 * more. */
static struct gpio_v2_line_config_attribute *attribute(struct gpio_v2_line_config *config, uint32_t id,
                                                       uint64_t value) {
  for (uint32_t i = 0; i < config->num_attrs; i++) {
    struct gpio_v2_line_attribute *known = &config->attrs[i].attr;
    if (known->id == id && known->values == value) return &config->attrs[i];
  }
  if (config->num_attrs == GPIO_V2_LINE_NUM_ATTRS_MAX) return NULL;
  struct gpio_v2_line_config_attribute *added = &config->attrs[config->num_attrs++];
  added->attr.id = id;
  return added;
}

static bool add_flags(struct gpio_v2_line_config *config, uint64_t flags, uint32_t index) {
  struct gpio_v2_line_config_attribute *added = attribute(config, GPIO_V2_LINE_ATTR_ID_FLAGS, flags);
  if (added == NULL) return false;
  added->attr.flags = flags;
  added->mask |= UINT64_C(1) << index;
  return true;
}

static bool add_debounce(struct gpio_v2_line_config *config, uint32_t debounce_us, uint32_t index) {
  if (debounce_us == 0) return true;
  struct gpio_v2_line_config_attribute *added = attribute(config, GPIO_V2_LINE_ATTR_ID_DEBOUNCE, debounce_us);
  if (added == NULL) return false;
  added->attr.debounce_period_us = debounce_us;
  added->mask |= UINT64_C(1) << index;
  return true;
}

/* Outputs get no value attribute: the kernel then makes them inactive in the same moment as they become outputs. */
static bool fill_request(const struct gpio_request *request, struct gpio_v2_line_request *kernel) {
  kernel->num_lines = request->count;
  kernel->event_buffer_size = GPIO_V2_LINES_MAX * 16;
  (void)snprintf(kernel->consumer, sizeof kernel->consumer, CONSUMER);
  kernel->config.flags = flags_of(&request->lines[0]);
  for (uint32_t i = 0; i < request->count; i++) {
    const struct gpio_line *line = &request->lines[i];
    kernel->offsets[i] = line->offset;
    if (!add_flags(&kernel->config, flags_of(line), i)) return false;
    if (!add_debounce(&kernel->config, line->debounce_us, i)) return false;
  }
  return true;
}

/* Finds every line of the request on its chip. */
static bool find_lines(struct gpio_request *request, int chip, struct fault *fault) {
  for (uint32_t i = 0; i < request->count; i++) {
    struct gpio_line *line = &request->lines[i];
    if (!gpio_find_line(chip, line, fault)) return false;
    for (uint32_t k = 0; k < i; k++) {
      if (request->lines[k].offset != line->offset) continue;
      return fault_set(fault, "Line %u of chip %s is configured twice; give each purpose a line of its own.",
                       line->offset, line->chip);
    }
  }
  return true;
}

static bool claim(struct gpio_request *request, int chip, struct fault *fault) {
  const struct gpio_line *first = &request->lines[0];
  if (!find_lines(request, chip, fault)) return false;
  struct gpio_v2_line_request kernel = {0};
  if (!fill_request(request, &kernel)) {
    return fault_set(fault, "The lines of chip %s differ in more than ten ways; give some the same bias and debounce.",
                     first->chip);
  }
  if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &kernel) != 0) {
    return fault_set(
        fault, "%u lines of chip %s, the first being %u (%s), cannot be claimed: %s; see that nothing else holds them.",
        request->count, first->chip, first->offset, first->name, strerror(errno));
  }
  request->fd = kernel.fd;
  if (fcntl(kernel.fd, F_SETFL, O_NONBLOCK) == 0) return true;
  return fault_set(fault, "The lines of chip %s cannot be read without waiting: %s.", first->chip, strerror(errno));
}

/* --- opening and closing --- */

static bool same_request(const struct gpio_request *request, const struct gpio_line *line) {
  const struct gpio_line *first = &request->lines[0];
  return strcmp(first->chip, line->chip) == 0 && first->output == line->output && first->many_edges == line->many_edges;
}

static bool add_line(struct gpio *gpio, const struct gpio_line *line, struct fault *fault) {
  size_t i = 0;
  while (i < gpio->count && !same_request(&gpio->requests[i], line))
    i++;
  if (i == GPIO_REQUESTS) return fault_set(fault, "The lines lie on too many GPIO chips; use at most five.");
  struct gpio_request *request = &gpio->requests[i];
  if (i == gpio->count) {
    request->fd = NOT_CLAIMED;
    gpio->count++;
  }
  if (request->count == GPIO_LINES)
    return fault_set(fault, "Chip %s has more than %d lines here.", line->chip, GPIO_LINES);
  request->lines[request->count++] = *line;
  return true;
}

static bool claim_all(struct gpio *gpio, bool output, struct fault *fault) {
  for (size_t i = 0; i < gpio->count; i++) {
    struct gpio_request *request = &gpio->requests[i];
    if (request->lines[0].output != output) continue;
    int chip = gpio_find_chip(request->lines[0].chip, fault);
    if (chip < 0) return false;
    bool claimed = claim(request, chip, fault);
    (void)close(chip);
    if (!claimed) return false;
  }
  return true;
}

bool gpio_open(struct gpio *gpio, const struct gpio_line *lines, size_t count, struct fault *fault) {
  memset(gpio, 0, sizeof *gpio);
  for (size_t i = 0; i < count; i++) {
    if (!add_line(gpio, &lines[i], fault)) {
      gpio_close(gpio);
      return false;
    }
  }
  if (claim_all(gpio, true, fault) && claim_all(gpio, false, fault)) return true;
  gpio_close(gpio);
  return false;
}

void gpio_close(struct gpio *gpio) {
  for (size_t i = 0; i < gpio->count; i++) {
    struct gpio_request *request = &gpio->requests[i];
    if (request->fd == NOT_CLAIMED) continue;
    struct gpio_v2_line_values inactive = {.bits = 0, .mask = (UINT64_C(1) << request->count) - 1};
    if (request->lines[0].output) (void)ioctl(request->fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &inactive);
    (void)close(request->fd);
  }
  gpio->count = 0;
}

/* --- levels --- */

static void fail(struct gpio *gpio, int error) {
  if (gpio->error == 0) gpio->error = error;
}

/* The bit of the line in its request, which is put into `*request`; 0 when no such line was configured. */
static uint64_t bit_of(struct gpio *gpio, uint8_t id, struct gpio_request **request) {
  for (size_t i = 0; i < gpio->count; i++) {
    for (uint32_t k = 0; k < gpio->requests[i].count; k++) {
      if (gpio->requests[i].lines[k].id != id) continue;
      *request = &gpio->requests[i];
      return UINT64_C(1) << k;
    }
  }
  return 0;
}

bool gpio_set(struct gpio *gpio, uint8_t id, bool active) {
  struct gpio_request *request = NULL;
  uint64_t bit = bit_of(gpio, id, &request);
  if (bit == 0) return false;
  struct gpio_v2_line_values values = {.bits = active ? bit : 0, .mask = bit};
  if (ioctl(request->fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0) return true;
  fail(gpio, errno);
  return false;
}

bool gpio_get(struct gpio *gpio, uint8_t id, bool *active) {
  struct gpio_request *request = NULL;
  uint64_t bit = bit_of(gpio, id, &request);
  if (bit == 0) return false;
  struct gpio_v2_line_values values = {.bits = 0, .mask = bit};
  if (ioctl(request->fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) == 0) {
    *active = (values.bits & bit) != 0;
    return true;
  }
  fail(gpio, errno);
  return false;
}

/* --- edges --- */

static void refill(struct gpio *gpio, struct gpio_request *request) {
  ssize_t bytes = read(request->fd, request->batch, sizeof request->batch);
  request->first = 0;
  request->filled = bytes > 0 ? (uint32_t)((size_t)bytes / sizeof request->batch[0]) : 0;
  request->dry = request->filled < GPIO_BATCH;
  if (bytes < 0 && errno != EAGAIN && errno != EINTR) fail(gpio, errno);
}

void gpio_look(struct gpio *gpio) {
  for (size_t i = 0; i < gpio->count; i++)
    gpio->requests[i].dry = false;
}

/* The request with the oldest edge that was read, or NULL. */
static struct gpio_request *oldest(struct gpio *gpio) {
  struct gpio_request *found = NULL;
  for (size_t i = 0; i < gpio->count; i++) {
    struct gpio_request *request = &gpio->requests[i];
    if (request->lines[0].output) continue;
    if (request->first == request->filled && !request->dry) refill(gpio, request);
    if (request->first == request->filled) continue;
    uint64_t at = request->batch[request->first].timestamp_ns;
    if (found == NULL || at < found->batch[found->first].timestamp_ns) found = request;
  }
  return found;
}

bool gpio_take(struct gpio *gpio, int64_t until, struct gpio_edge *edge) {
  for (struct gpio_request *r = oldest(gpio); r != NULL; r = oldest(gpio)) {
    const struct gpio_v2_line_event *event = &r->batch[r->first];
    if ((int64_t)event->timestamp_ns > until) return false;
    uint32_t lost = event->seqno - r->sequence - 1;
    r->sequence = event->seqno;
    r->first++;
    for (uint32_t i = 0; i < r->count; i++) {
      if (r->lines[i].offset != event->offset) continue;
      *edge = (struct gpio_edge){.at = (int64_t)event->timestamp_ns,
                                 .id = r->lines[i].id,
                                 .active = event->id == GPIO_V2_LINE_EVENT_RISING_EDGE,
                                 .lost = lost};
      return true;
    }
  }
  return false;
}

bool gpio_waiting(const struct gpio *gpio) {
  for (size_t i = 0; i < gpio->count; i++) {
    if (gpio->requests[i].first < gpio->requests[i].filled) return true;
  }
  return false;
}
