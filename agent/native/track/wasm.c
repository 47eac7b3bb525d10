/* The tracker as a WebAssembly module: one tracker an instance, numbers in and out as f64, which is exact up to 2^53.
 */
#include "track.h"

#define EXPORT(name) __attribute__((export_name(name)))
#define COUNTERS (sizeof(struct track_counters) / sizeof(uint64_t))

static struct track tracker;
static double fields[10];
static double counts[COUNTERS];

static int64_t ns_of(double value) {
  if (!(value > 0)) return 0;
  return value < (double)TRACK_TIME_MAX ? (int64_t)value : TRACK_TIME_MAX;
}

/* A whole number as it is; anything else as one that every check refuses. */
static int64_t whole(double value) {
  if (!(value >= -0x1p53 && value <= 0x1p53)) return INT64_MIN;
  int64_t truncated = (int64_t)value;
  return (double)truncated == value ? truncated : INT64_MIN;
}

EXPORT("configure")
int32_t configure(int32_t base, int32_t fail_safe, int32_t too_close, int32_t confirm, double delay, double width,
                  double recovery, double lead, double trigger_dead, double confirm_from, double confirm_to,
                  double first_part) {
  struct track_calibration calibration = {.base = (uint8_t)base,
                                          .fail_safe = (uint8_t)fail_safe,
                                          .too_close = (uint8_t)too_close,
                                          .confirm = (uint8_t)confirm,
                                          .delay_ns = whole(delay),
                                          .width_ns = whole(width),
                                          .recovery_ns = whole(recovery),
                                          .lead_ns = whole(lead),
                                          .trigger_dead_ns = whole(trigger_dead),
                                          .confirm_from_ns = whole(confirm_from),
                                          .confirm_to_ns = whole(confirm_to),
                                          .first_part = (uint64_t)whole(first_part)};
  return (int32_t)track_init(&tracker, &calibration);
}

/* Each input returns how many events wait. */
EXPORT("trigger") uint32_t trigger(double at) {
  track_trigger(&tracker, ns_of(at));
  return tracker.event_count;
}

EXPORT("verdict") uint32_t verdict(double part, int32_t code, double at) {
  track_verdict(&tracker, (uint64_t)ns_of(part), (enum track_verdict)code, ns_of(at));
  return tracker.event_count;
}

EXPORT("confirm") uint32_t confirm(double at) {
  track_confirm(&tracker, ns_of(at));
  return tracker.event_count;
}

EXPORT("tick") uint32_t tick(double now) {
  track_tick(&tracker, ns_of(now));
  return tracker.event_count;
}

EXPORT("stop") uint32_t stop(double now) {
  track_stop(&tracker, ns_of(now));
  return tracker.event_count;
}

EXPORT("resume") void resume(void) { track_resume(&tracker); }

/* When to tick next, or a negative number for never. */
EXPORT("next") double next(void) {
  int64_t at = track_next(&tracker);
  return at == TRACK_NEVER ? -1 : (double)at;
}

/* Takes one event; call it only while one waits. Returns where its fields are, in the order below. */
EXPORT("take") const double *take(void) {
  struct track_event event;
  if (!track_take(&tracker, &event)) return 0;
  fields[0] = event.kind;
  fields[1] = (double)event.at;
  fields[2] = (double)event.due;
  fields[3] = (double)event.part;
  fields[4] = (double)event.neighbour;
  fields[5] = event.action;
  fields[6] = event.cause;
  fields[7] = event.verdict;
  fields[8] = event.confirmation;
  fields[9] = event.too_close;
  return fields;
}

/* Where the counters are, in the order of struct track_counters. */
EXPORT("counters") const double *counters(void) {
  const uint64_t *source = (const uint64_t *)&tracker.counters;
  for (uint32_t i = 0; i < COUNTERS; i++)
    counts[i] = (double)source[i];
  return counts;
}
