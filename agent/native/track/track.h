/*
 * The part tracker: the only code that decides when the reject gate moves.
 *
 * Freestanding C11: no allocation, clock, I/O or libc. A host (the gatekeeper on Linux, the firmware on an ESP32, Node
 * through WebAssembly) feeds it edges, verdicts and time, and applies the gate events that it drains. docs/adr/0001
 * says why the rules are as they are.
 *
 * THE CONTRACT
 *
 * Time. int64 ns of one monotonic clock, from 0. An input with a time before the latest seen is taken as the latest. So
 * the host reads its clock, then feeds all edges that wait, oldest first, then verdicts, then ticks with the time it
 * read; a trigger that comes in later than that moves its part's window, and is counted (triggers_clamped).
 *
 * Windows. A part triggered at T has the window [T + delay, T + delay + width): the gate must be active for all of it
 * to eject the part, inactive for all of it to let the part pass. Its deadline is T + delay - lead. A gate that went
 * inactive may still hit a part for `recovery`. All windows have the same shape, so parts come to the gate in the order
 * of their triggers.
 *
 * Armed on trigger, disarmed on pass. An accepted trigger opens the next part, armed. A `pass` verdict at or before the
 * deadline disarms it; `reject` and `review` keep it armed; the first verdict wins. At the deadline the part is
 * resolved for good, with the fail-safe if it has no verdict. Later verdicts, and those for unknown parts, are told
 * back and move nothing. Resolutions depend on the inputs' times alone, never on when the host ticks.
 *
 * Too close. Two successive parts less than width + recovery apart are both flagged. own(A) is whether A would be
 * ejected for itself: by its verdict, or by the fail-safe when it has none (`pass` does not, `eject` and `stop-line`
 * do).
 *  - eject-neighbour: A is ejected if own(A); or if the pulse of an earlier part would still be active or recovering at
 * the start of A's window; or if the window of a later part starts within A's and that part is not known to pass.
 *  - escape: no flagged part is ejected.
 *  - stop-line: as eject-neighbour, and the line is to stop.
 * Since delay - lead >= width + recovery, every part that is too close to A has been triggered before A's deadline.
 *
 * Pulses. The gate is active in the union of the ejected parts' windows. It is held through a gap shorter than
 * recovery: a part that starts in such a gap is certain to be ejected, so no verdict is awaited for that. A pulse never
 * starts before the end of the window of the part before: where that part passes, the start of a forced pulse is
 * clipped. A part with own(A) is never clipped: had its window started within that of an earlier part, that part would
 * have been ejected too, for A was not known to pass at the earlier deadline, which comes first, and the first verdict
 * wins.
 *
 * Late hosts. Only track_tick makes the gate active. A tick within a window that should have begun fires the remainder;
 * a window that is over is skipped (MISSED_PULSE, and the part closes as missed), never fired late, for that would hit
 * another part. Every event carries when it was due and when it happened, so the host can see its own lateness and drop
 * READY.
 *
 * Confirmation. An edge of the sensor in the reject chute belongs to the oldest part that the gate was active for, is
 * not yet confirmed, and has the edge in [window start + confirm_from, window start + confirm_to].
 *
 * Closing. Each part closes exactly once: at the end of its window, or, when it was ejected and a sensor watches, at
 * the end of its confirmation window if that is later. track_stop makes the gate inactive, closes all open parts as
 * aborted, and is final: afterwards nothing is accepted until track_init.
 */
#ifndef LINEGATE_TRACK_H
#define LINEGATE_TRACK_H

#include <stdbool.h>
#include <stdint.h>

/* Parts open at once; a power of two. track_init refuses a calibration with which more could be. */
#ifndef TRACK_PARTS
#define TRACK_PARTS 256
#endif

/*
 * One call cannot overflow the ring when it is drained after each call. In one call every open part, of at most
 * TRACK_PARTS, gives at most one each of RESOLVED, GATE_ON or MISSED_PULSE, GATE_OFF and CLOSED, since each belongs to
 * a step that a part takes once; the line stops at most once, being latched; and the input itself gives at most TRIGGER
 * and two TOO_CLOSE.
 */
#define TRACK_EVENTS (4 * TRACK_PARTS + 4)

#define TRACK_DURATION_MAX INT64_C(3600000000000) /* an hour */
#define TRACK_TIME_MAX (INT64_C(1) << 62)         /* later times are taken as this, so that sums cannot overflow */
#define TRACK_PART_MAX (UINT64_C(1) << 52)        /* highest first part */
#define TRACK_NEVER INT64_MAX

/*
 * What windows and durations are measured in. With ENCODER, all that is called ns or time here is counts of the belt:
 * the host feeds the highest position that the belt has reached. Nothing in the tracker knows the difference.
 */
enum track_base { TRACK_BASE_TIME = 1, TRACK_BASE_ENCODER };
enum track_fail_safe { TRACK_FAIL_SAFE_EJECT = 1, TRACK_FAIL_SAFE_PASS, TRACK_FAIL_SAFE_STOP_LINE };
enum track_too_close { TRACK_TOO_CLOSE_EJECT_NEIGHBOUR = 1, TRACK_TOO_CLOSE_ESCAPE, TRACK_TOO_CLOSE_STOP_LINE };
enum track_confirm { TRACK_CONFIRM_NONE = 1, TRACK_CONFIRM_EJECTED };
enum track_verdict { TRACK_VERDICT_NONE, TRACK_VERDICT_PASS, TRACK_VERDICT_REJECT, TRACK_VERDICT_REVIEW };
enum track_action {
  TRACK_ACTION_NONE,
  TRACK_ACTION_EJECT,
  TRACK_ACTION_PASS,
  TRACK_ACTION_MISSED,
  TRACK_ACTION_ABORTED
};

/* Why the action was taken: TOO_CLOSE only where it differs from own(A); STOPPED where track_stop came first. */
enum track_cause { TRACK_CAUSE_STOPPED, TRACK_CAUSE_VERDICT, TRACK_CAUSE_FAIL_SAFE, TRACK_CAUSE_TOO_CLOSE };
enum track_confirmation { TRACK_CONFIRMATION_NONE, TRACK_CONFIRMATION_CONFIRMED, TRACK_CONFIRMATION_UNCONFIRMED };

/* What track_init finds wrong; the first fault is told. */
enum track_status {
  TRACK_OK,
  TRACK_BAD_BASE,
  TRACK_BAD_DELAY, /* durations: more than 0 and at most TRACK_DURATION_MAX */
  TRACK_BAD_WIDTH,
  TRACK_BAD_RECOVERY,
  TRACK_BAD_LEAD,
  TRACK_BAD_TRIGGER_DEAD,
  TRACK_BAD_FAIL_SAFE,
  TRACK_BAD_TOO_CLOSE,
  TRACK_BAD_CONFIRM,
  TRACK_BAD_CONFIRM_FROM,    /* 0 to TRACK_DURATION_MAX; looked at only when confirm is EJECTED */
  TRACK_BAD_CONFIRM_TO,      /* above confirm_from and at most TRACK_DURATION_MAX */
  TRACK_BAD_FIRST_PART,      /* 1 to TRACK_PART_MAX */
  TRACK_NO_TIME_TO_SEPARATE, /* delay - lead < width + recovery */
  TRACK_TOO_MANY_PARTS,      /* delay + max(width, confirm_to) > (TRACK_PARTS - 1) * trigger_dead */
};

struct track_calibration {
  uint8_t base;            /* enum track_base */
  uint8_t fail_safe;       /* enum track_fail_safe */
  uint8_t too_close;       /* enum track_too_close */
  uint8_t confirm;         /* enum track_confirm */
  int64_t delay_ns;        /* from the trigger's edge to the start of the part's window */
  int64_t width_ns;        /* how long the window is */
  int64_t recovery_ns;     /* how long after going inactive the gate may still hit a part */
  int64_t lead_ns;         /* from the deadline to the start of the window */
  int64_t trigger_dead_ns; /* an edge closer than this to the last accepted one is a bounce of the same part */
  int64_t confirm_from_ns; /* of an ejected part's confirmation, after the start of its window */
  int64_t confirm_to_ns;
  uint64_t first_part; /* number of the next part; 0 is never a part */
};

enum track_kind {
  TRACK_TRIGGER = 1,      /* part, due = its deadline */
  TRACK_TRIGGER_IGNORED,  /* a bounce of `part`, the last; or part 0: after track_stop */
  TRACK_TOO_CLOSE,        /* part, neighbour; one event for each of the two, one for each part in all */
  TRACK_RESOLVED,         /* part, action EJECT or PASS, cause, verdict, too_close; due = its deadline */
  TRACK_GATE_ON,          /* part whose window begins the pulse */
  TRACK_GATE_OFF,         /* part whose window ends it */
  TRACK_MISSED_PULSE,     /* part; due = when it should have begun */
  TRACK_VERDICT_LATE,     /* part, verdict: the part was resolved before */
  TRACK_VERDICT_UNKNOWN,  /* part, verdict: no such part yet or ever, or no such verdict */
  TRACK_VERDICT_REPEATED, /* part, verdict: another came before */
  TRACK_CONFIRMED,        /* part */
  TRACK_CONFIRM_UNEXPECTED,
  TRACK_CLOSED,    /* part, action, cause, verdict, too_close, confirmation */
  TRACK_STOP_LINE, /* part, cause FAIL_SAFE or TOO_CLOSE; none more until track_resume */
};

struct track_event {
  int64_t at;  /* the time of the call in which it happened */
  int64_t due; /* when it should have; for inputs the same unless said above */
  uint64_t part;
  uint64_t neighbour;
  uint8_t kind;         /* enum track_kind */
  uint8_t action;       /* enum track_action */
  uint8_t cause;        /* enum track_cause */
  uint8_t verdict;      /* enum track_verdict */
  uint8_t confirmation; /* enum track_confirmation */
  bool too_close;
};

struct track_counters {
  uint64_t triggers; /* accepted: = ejected + passed + missed + aborted + still open */
  uint64_t triggers_ignored;
  uint64_t triggers_clamped; /* accepted or not, with a time before the latest seen */
  uint64_t too_close;        /* parts flagged */
  uint64_t fail_safes;       /* parts without a verdict at their deadline */
  uint64_t verdicts_late;
  uint64_t verdicts_unknown;
  uint64_t verdicts_repeated;
  uint64_t ejected; /* parts closed with this action, as the next three */
  uint64_t passed;
  uint64_t missed;
  uint64_t aborted;
  uint64_t pulses; /* times the gate became active */
  uint64_t confirmed;
  uint64_t unconfirmed;
  uint64_t confirmations_unexpected;
  uint64_t line_stops;
  uint64_t events_lost; /* stays 0 when the host drains after each call */
};

/* Everything below is the tracker's own; hosts read `counters`, `gate_active` and `line_stopped`, and write nothing. */
struct track_part {
  int64_t at; /* its trigger */
  uint8_t verdict;
  uint8_t action;
  uint8_t cause;
  uint8_t confirmation;
  bool too_close;
  bool closed;
};

struct track {
  struct track_calibration calibration;
  struct track_counters counters;
  int64_t now;        /* latest time seen */
  int64_t pulse_end;  /* end of the window of the last part resolved to eject, or before all time */
  int64_t window_end; /* end of the last window that is over */
  /* Part numbers, oldest <= window <= undecided <= next: first not closed, first whose window is not over, first not
   * resolved. */
  uint64_t oldest;
  uint64_t window;
  uint64_t undecided;
  uint64_t next;
  bool gate_active;
  bool line_stopped;
  bool stopped;
  uint32_t event_first;
  uint32_t event_count;
  struct track_part parts[TRACK_PARTS];
  struct track_event events[TRACK_EVENTS];
};

/* Starts over with the gate inactive. On any status but TRACK_OK the tracker must not be used. */
enum track_status track_init(struct track *t, const struct track_calibration *calibration);

/* An edge of the photo-eye. */
void track_trigger(struct track *t, int64_t at);

/* A verdict (not NONE) that came at this time. */
void track_verdict(struct track *t, uint64_t part, enum track_verdict verdict, int64_t at);

/* An edge of the sensor in the reject chute. */
void track_confirm(struct track *t, int64_t at);

/* Does all that is due, in the order of time. The only call that makes the gate active. */
void track_tick(struct track *t, int64_t now);

/* Gate inactive at once, open parts closed as aborted, nothing accepted any more. */
void track_stop(struct track *t, int64_t now);

/* Lets STOP_LINE be told again. */
void track_resume(struct track *t);

/* When track_tick next has something to do (ask after every call; it may be in the past), or TRACK_NEVER. */
int64_t track_next(const struct track *t);

/* Takes the oldest event; false when there is none. Drain after every call. */
bool track_take(struct track *t, struct track_event *event);

#endif
