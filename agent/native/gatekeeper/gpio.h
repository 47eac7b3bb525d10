/*
 * GPIO lines over the character device's uAPI v2 (Linux 5.10 and later): chips by label, lines by name, exclusive
 * claims, both edges of inputs with the kernel's CLOCK_MONOTONIC stamps. "Active" and "inactive" are logical levels:
 * the kernel turns them for an active-low line.
 */
#ifndef LINEGATE_GPIO_H
#define LINEGATE_GPIO_H

#include "fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/gpio.h>

#define GPIO_LINES 32
#define GPIO_NAME 32     /* as the kernel has it, with its final 0 */
#define GPIO_REQUESTS 16 /* of one chip at most three: outputs, inputs, inputs with many edges */
#define GPIO_BATCH 64    /* edges read at once */

enum gpio_bias { GPIO_BIAS_AS_IS, GPIO_BIAS_DISABLED, GPIO_BIAS_PULL_UP, GPIO_BIAS_PULL_DOWN };

struct gpio_line {
  char chip[GPIO_NAME]; /* label, or name such as gpiochip0 */
  char name[GPIO_NAME]; /* empty: found by its offset */
  uint32_t offset;
  uint8_t id; /* the caller's word for it */
  bool output;
  bool active_low;
  bool many_edges; /* gets a buffer of its own, so that an overflow costs no edge of another line */
  uint8_t bias;    /* enum gpio_bias */
  uint32_t debounce_us;
};

struct gpio_edge {
  int64_t at;
  uint8_t id;
  bool active;   /* the level after the edge */
  uint32_t lost; /* edges of its request that the kernel dropped before it, because nobody read in time */
};

/* Lines of one chip and one kind, claimed together. The kernel numbers them in the order of `lines`. */
struct gpio_request {
  int fd;
  struct gpio_line lines[GPIO_LINES];
  uint32_t count;
  uint32_t sequence; /* of the last edge taken */
  uint32_t first;    /* edges read and not taken: batch[first..filled) */
  uint32_t filled;
  bool dry; /* the kernel had no more edges when it was last asked */
  struct gpio_v2_line_event batch[GPIO_BATCH];
};

/* Zeroed, it holds nothing. */
struct gpio {
  struct gpio_request requests[GPIO_REQUESTS];
  size_t count;
  int error; /* the first errno with which a claimed line failed, 0 as long as all is well */
};

/* Claims all lines, outputs inactive, or none. */
bool gpio_open(struct gpio *gpio, const struct gpio_line *lines, size_t count, struct fault *fault);

/* Makes all outputs inactive and releases the lines. Does nothing when it holds none. */
void gpio_close(struct gpio *gpio);

/* False when it cannot be set; gpio->error says why. */
bool gpio_set(struct gpio *gpio, uint8_t id, bool active);

/* The level of a line now. False when it cannot be read; gpio->error says why. */
bool gpio_get(struct gpio *gpio, uint8_t id, bool *active);

/* Lets gpio_take ask the kernel again: read the clock, call this, then take all edges up to that time. */
void gpio_look(struct gpio *gpio);

/* Takes the oldest edge of all lines that is stamped no later than `until`, ns; false when there is none or on error.
 */
bool gpio_take(struct gpio *gpio, int64_t until, struct gpio_edge *edge);

/* Whether edges that came after the last `until` have been read already, so that poll would not tell of them. */
bool gpio_waiting(const struct gpio *gpio);

#endif
