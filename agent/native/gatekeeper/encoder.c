#include "encoder.h"

/* Counts over which the rate is taken. */
#define RATE_COUNTS 16

static int64_t *stamp(struct encoder *e, int64_t counts) { return &e->stamps_ns[counts & (ENCODER_STAMPS - 1)]; }

static int64_t stamp_of(const struct encoder *e, int64_t counts) { return e->stamps_ns[counts & (ENCODER_STAMPS - 1)]; }

void encoder_init(struct encoder *e, enum encoder_kind kind, int64_t now_ns) {
  *e = (struct encoder){.kind = kind};
  *stamp(e, 0) = now_ns;
}

void encoder_set_level(struct encoder *e, enum encoder_line line, bool level) { e->levels[line] = level; }

void encoder_note_loss(struct encoder *e) { e->lost++; }

static void count(struct encoder *e, bool backward, int64_t ns) {
  e->backward = backward;
  e->position_counts += backward ? -1 : 1;
  if (e->position_counts <= e->high_counts) return;
  e->high_counts = e->position_counts;
  *stamp(e, e->high_counts) = ns;
  if (e->high_counts - e->first_stamp >= ENCODER_STAMPS) e->first_stamp = e->high_counts - ENCODER_STAMPS + 1;
}

/* Notes the edge as the last one. False: whether it came before or after the one that was noted is not known. */
static bool is_in_order(struct encoder *e, enum encoder_line line, int64_t ns) {
  bool same = e->last_edge_ns != 0 && line == e->last_line;
  bool in_order = same || !e->turned || ns - e->last_edge_ns >= ENCODER_TOGETHER_NS;
  e->turned = same;
  e->last_line = line;
  e->last_edge_ns = ns;
  return in_order;
}

bool encoder_edge(struct encoder *e, enum encoder_line line, bool level, int64_t ns) {
  bool quadrature = e->kind == ENCODER_QUADRATURE || e->kind == ENCODER_QUADRATURE_REVERSED;
  if (e->kind == ENCODER_NONE || (line == ENCODER_B && !quadrature)) return true;
  bool in_order = is_in_order(e, line, ns);
  if (e->levels[line] == level) {
    e->lost++;
    return false;
  }
  e->levels[line] = level;
  /* Going forward A changes first: after an edge of A the levels differ, after one of B they are the same. */
  bool differ = e->levels[ENCODER_A] != e->levels[ENCODER_B];
  bool forward = line == ENCODER_A ? differ : !differ;
  if (e->kind == ENCODER_QUADRATURE_REVERSED) forward = !forward;
  count(e, quadrature && !forward, ns);
  if (!in_order) e->lost++;
  return in_order;
}

int64_t encoder_when_ns(const struct encoder *e, int64_t counts) {
  if (counts < e->first_stamp) counts = e->first_stamp;
  if (counts > e->high_counts) counts = e->high_counts;
  return stamp_of(e, counts);
}

int64_t encoder_ns_per_count(const struct encoder *e, int64_t now_ns, int64_t still_ns) {
  int64_t from = e->high_counts - RATE_COUNTS;
  if (from < e->first_stamp) from = e->first_stamp;
  int64_t newest_ns = stamp_of(e, e->high_counts);
  if (from == e->high_counts || now_ns - newest_ns > still_ns) return 0;
  int64_t ns = (newest_ns - stamp_of(e, from)) / (e->high_counts - from);
  return ns > 0 ? ns : 1;
}
