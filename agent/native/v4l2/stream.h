/* The stream: the device's buffers, and the loop between them and the reader. */
#ifndef LINEGATE_V4L2_STREAM_H
#define LINEGATE_V4L2_STREAM_H

#include "device.h"

/** Streams until the reader or the device is gone; returns the exit status after saying why. */
int stream_run(const struct device *device);

#endif
