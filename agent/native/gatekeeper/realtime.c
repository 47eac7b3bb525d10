#include "realtime.h"

#include "log.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

/* Below the kernel's own interrupt threads (50), which bring the edges; above everything ordinary. */
#define PRIORITY 40

bool realtime_enter(void) {
  struct sched_param parameters = {.sched_priority = PRIORITY};
  bool first = sched_setscheduler(0, SCHED_FIFO, &parameters) == 0;
  if (!first) {
    log_line("Pulses may be late under load, for SCHED_FIFO priority %d was not granted (%s); set LimitRTPRIO=%d in "
             "the unit.",
             PRIORITY, strerror(errno), PRIORITY);
  }
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
    log_line("Pulses may be late when memory is short, for mlockall was not granted (%s); set LimitMEMLOCK=infinity in "
             "the unit.",
             strerror(errno));
  }
  return first;
}
