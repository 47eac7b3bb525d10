/* The command line. */
#ifndef LINEGATE_V4L2_OPTIONS_H
#define LINEGATE_V4L2_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_CONTROLS = 32 };

/** A control and the value it is to have. */
struct setting {
  char name[64];
  int32_t value;
};

struct options {
  bool list;
  const char *device;
  uint32_t fourcc;
  uint32_t width;
  uint32_t height;
  /** Frames per thousand seconds; 0 leaves the device's own rate. */
  uint32_t millihertz;
  uint32_t settings;
  struct setting setting[MAX_CONTROLS];
};

/** Reads the arguments; returns 0, or the exit status after saying what is wrong. */
int options_read(struct options *options, int count, char *const *arguments);

#endif
