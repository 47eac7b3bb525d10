/* Controls by the names that v4l2-ctl gives them: "exposure_time_absolute". */
#ifndef LINEGATE_V4L2_CONTROLS_H
#define LINEGATE_V4L2_CONTROLS_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/** A control that has a number. */
struct control {
  uint32_t id;
  int32_t low;
  int32_t high;
  int32_t step;
  char name[64];
};

/** The next control after `control->id` (0 for the first); false when there are no more. */
bool controls_next(int fd, struct control *control);

/** Sets all, in their order; returns 0, or the exit status after saying what cannot be set. */
int controls_set(int fd, const struct options *options);

#endif
