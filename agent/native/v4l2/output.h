/*
 * Frames to the reader: a header of 64 bytes, little-endian, then the pixels.
 *
 *   0 "LGV4"        4 version 1       8 format (fourcc)   12 width px       16 height px    20 bytes per line
 *  24 pixel bytes  28 sequence       32 timestamp ns (8)  40 flags          44 dropped      48 damaged
 *  52, 56 frames per second, as a fraction; 0 when the device does not tell               60 zero
 *
 * The first record has no pixels: the device streams. Flags: 1 the kernel stamped the frame on CLOCK_MONOTONIC (else
 * the stamp is this program's, taken when it got the frame), 2 at the start of exposure (else when the frame was
 * there). Dropped: frames that were whole but never sent, because the reader was slow. Damaged: frames that came torn
 * or marked as bad. Both count from the start.
 */
#ifndef LINEGATE_V4L2_OUTPUT_H
#define LINEGATE_V4L2_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "device.h"

enum { HEADER_BYTES = 64, FLAG_KERNEL_TIME = 1, FLAG_START_OF_EXPOSURE = 2, NO_BUFFER = -1 };

/** A frame in one of the device's buffers. */
struct picture {
  int buffer; /* NO_BUFFER: none */
  uint8_t *pixels;
  uint32_t size;
  uint32_t sequence;
  uint64_t stamp_ns;
  uint32_t flags;
};

struct output {
  const struct device *device;
  uint8_t header[HEADER_BYTES];
  struct picture now;  /* being written */
  struct picture next; /* the latest one that waits */
  size_t done;         /* bytes of `now` with its header that are written */
  bool writing;
  uint32_t dropped;
  uint32_t damaged;
};

/** Begins with the record that says the device streams. */
void output_start(struct output *output, const struct device *device);

/** Takes a frame; returns the buffer that is free again for it, or NO_BUFFER. The latest wins. */
int output_offer(struct output *output, const struct picture *picture);

/**
 * Writes what the reader takes without waiting. `freed` is the buffer that is free again, or NO_BUFFER. False when
 * nobody reads any more.
 */
bool output_write(struct output *output, int *freed);

#endif
