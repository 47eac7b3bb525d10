/* Chips by label and lines by name, for gpio.c. */
#ifndef LINEGATE_GPIO_FIND_H
#define LINEGATE_GPIO_FIND_H

#include "gpio.h"

/* Opens the one chip with this label or name; -1 when there is none, or more than one. */
int gpio_find_chip(const char *wanted, struct fault *fault);

/* Sets line->offset where the line has a name, and sees that the line exists and is free. */
bool gpio_find_line(int chip, struct gpio_line *line, struct fault *fault);

#endif
