/* What a device offers: formats, sizes, rates. */
#ifndef LINEGATE_V4L2_OFFERS_H
#define LINEGATE_V4L2_OFFERS_H

#include <stdbool.h>
#include <stdint.h>

#include "say.h"

/** The four characters of a format, and an end. Odd ones come as '?'. */
struct fourcc_name {
  char letters[5];
};

/** ioctl, again when a signal came in between. */
int device_ioctl(int fd, unsigned long request, void *argument);

struct fourcc_name fourcc_name(uint32_t fourcc);

/** The n-th format of the device; false when there are no more. */
bool offers_format(int fd, uint32_t n, uint32_t *fourcc);

/** Whether Linegate can use frames of this format. */
bool offers_usable(uint32_t fourcc);

/** Adds the formats and sizes that Linegate can use, or else the formats that there are. */
void offers_tell(int fd, struct text *text);

/** Adds the rates at one format and size. */
void offers_tell_rates(int fd, uint32_t fourcc, uint32_t width, uint32_t height, struct text *text);

#endif
