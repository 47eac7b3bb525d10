/*
 * The encoder on the belt: edges in, position in counts out. Pure: no I/O, no clock, no memory of its own.
 *
 * Quadrature counts every edge of A and B (four a cycle) with direction; a single channel counts every edge of A,
 * forward only. The position may go back; the high-water mark, which is what the tracker is fed, never does. Forward is
 * A before B.
 *
 * What is noticed. An edge that leaves a line at the level it had means that the edge between was lost; so does a gap
 * in the kernel's sequence numbers. Any loss of one to three quadrature edges in a row shows itself at the next edge or
 * the one after; a loss of exactly four (or, of a single channel, two) without a gap in the sequence numbers does not.
 * Edges of A and B that wait for the same interrupt come in the order of the chip's lines, not of time. The wrong way
 * round they look like one step back and one more: no belt turns and is at the next edge within ENCODER_TOGETHER_NS.
 */
#ifndef LINEGATE_ENCODER_H
#define LINEGATE_ENCODER_H

#include <stdbool.h>
#include <stdint.h>

enum encoder_kind { ENCODER_NONE, ENCODER_SINGLE, ENCODER_QUADRATURE, ENCODER_QUADRATURE_REVERSED };
enum encoder_line { ENCODER_A, ENCODER_B };

/* Nearer to one another, edges of A and B were taken by one interrupt (5 kHz: 200 us apart). */
#define ENCODER_TOGETHER_NS 100000

/* How many counts back it is known when the high-water mark got there; a power of two. */
#ifndef ENCODER_STAMPS
#define ENCODER_STAMPS 1024
#endif

struct encoder {
  enum encoder_kind kind;
  bool levels[2];
  bool backward;               /* direction of the last count */
  int64_t position_counts;     /* may be below 0 */
  int64_t high_counts;         /* highest position so far, from 0 */
  int64_t first_stamp;         /* oldest count that has its stamp */
  int64_t last_edge_ns;        /* of either line, in whatever direction; 0: none yet */
  enum encoder_line last_line; /* of that edge */
  bool turned;                 /* that edge was of the line of the edge before it, too: the belt turned */
  uint64_t lost;               /* losses noticed */
  int64_t stamps_ns[ENCODER_STAMPS];
};

void encoder_init(struct encoder *e, enum encoder_kind kind, int64_t now_ns);

/* The level that a line has now: at the start, and when its chip came back. The position stays. */
void encoder_set_level(struct encoder *e, enum encoder_line line, bool level);

/* An edge with its kernel stamp and the level after it. False: a loss was noticed; the count is in doubt. */
bool encoder_edge(struct encoder *e, enum encoder_line line, bool level, int64_t ns);

/* The kernel dropped edges before they reached us (a gap in its sequence numbers). */
void encoder_note_loss(struct encoder *e);

/* When the high-water mark reached this count; the nearest known time for counts too old or not yet reached. */
int64_t encoder_when_ns(const struct encoder *e, int64_t counts);

/* ns for a count, from the last counts; 0 when the belt has not moved `still_ns` long or too little is known. */
int64_t encoder_ns_per_count(const struct encoder *e, int64_t now_ns, int64_t still_ns);

#endif
