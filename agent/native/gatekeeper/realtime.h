/* Asks the kernel to run this process before others and to keep it in memory. */
#ifndef LINEGATE_REALTIME_H
#define LINEGATE_REALTIME_H

#include <stdbool.h>

/* Says on the log what was not permitted; the process works without, but pulses come later under load. Whether it runs
 * before others now. */
bool realtime_enter(void);

#endif
