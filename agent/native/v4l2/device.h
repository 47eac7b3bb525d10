/* The device, set up as it was asked. */
#ifndef LINEGATE_V4L2_DEVICE_H
#define LINEGATE_V4L2_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

struct device {
  int fd;
  const char *path;
  uint32_t fourcc;
  uint32_t width;
  uint32_t height;
  uint32_t stride;
  /** Bytes of a whole frame, with its stride. */
  uint32_t frame_bytes;
  /** The rate that the device took; 0 / 0 when it told none. */
  uint32_t rate_numerator;
  uint32_t rate_denominator;
};

/** Whether `fd` is a camera that streams frames of one plane. */
bool device_is_camera(int fd);

/** Opens and sets up; returns 0, or the exit status after saying what is wrong. */
int device_open(struct device *device, const struct options *options);

#endif
