/* What the program tells people: one plain sentence on standard error, and an exit status that a program can read. */
#ifndef LINEGATE_V4L2_SAY_H
#define LINEGATE_V4L2_SAY_H

#include <stddef.h>

enum {
  EXIT_READER_GONE = 0, /* nobody reads the frames any more */
  EXIT_ARGUMENTS = 2,
  EXIT_DEVICE = 3, /* the device cannot be used as it was asked */
  EXIT_GONE = 4,   /* the device was unplugged, or stopped for good, while it ran */
};

/** Prints one sentence and returns `status`, so that a caller can pass it on. */
int say(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** A text that grows up to its room and then ends in "...". Start with all zero. */
struct text {
  size_t used;
  char bytes[1200];
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
