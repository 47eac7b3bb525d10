/* What the keeper is made of, and what its parts do for each other. Hosts include it only to have the memory. */
#ifndef LINEGATE_GATEKEEPER_STATE_H
#define LINEGATE_GATEKEEPER_STATE_H

#include "../keeper.h"

#define GATES 2
/* Records that wait for the agent to read them. */
#ifndef SEND_RECORDS
#define SEND_RECORDS 1024
#endif
#define SEND_BYTES ((size_t)SEND_RECORDS * WIRE_BYTES)
#define BACKLOG_ROOM_BYTES (SEND_BYTES / 2) /* left free for what happens now while old parts are told */
#define TRAIN_PULSES 16
#define HOLD_NS INT64_C(200000000)
#define ENCODER_TELL_NS INT64_C(200000000)
#define BELT_STILL_NS INT64_C(500000000)

/* One of the reject gates: a tracker of its own over the same triggers. */
struct gate {
  struct track track;
  int64_t hold_until_ns; /* held open in commissioning; 0: not */
  uint64_t at_window;    /* the part at the gate, */
  int64_t window_ns;     /* and since when it is (or the pulse began): for gate-max */
  bool forced;           /* gate-max was over: inactive until the tracker ends its pulse */
  uint64_t forced_from;  /* parts whose pulse that cut short */
  uint64_t forced_to;
};

struct output {
  bool wanted;
  bool applied;
  int64_t due_ns; /* of gates: when `wanted` should have come, for which part */
  uint64_t part;
};

/* Pulses of a set width at a set delay: strobe or camera trigger. */
struct train {
  enum keeper_output output;
  int64_t delay_ns;
  int64_t width_ns;
  int64_t end_ns;
  int64_t starts_ns[TRAIN_PULSES];
  uint32_t first;
  uint32_t count;
};

struct session {
  bool connected;
  bool closing; /* nothing is read or told any more; the host is to close */
  bool close_taken;
  uint8_t role; /* enum wire_role; 0 before ATTACH */
  uint64_t nonce;
  uint64_t received; /* number of the last record */
  uint64_t sent;
  uint64_t attach_next; /* parts from here on are told live */
  uint64_t backlog;     /* next part before that to look at */
  int64_t heard_ns;     /* last heartbeat */
  uint8_t partial[WIRE_BYTES];
  size_t partial_count;
  uint8_t queue[SEND_BYTES];
  size_t queue_first;
  size_t queue_count;
};

struct keeper {
  struct keeper_conf conf;
  struct parts parts;
  struct encoder encoder;
  struct gate gates[GATES];
  uint32_t gate_count;
  struct output outputs[KEEPER_OUTPUTS];
  struct train trains[2];
  int64_t plc_until_ns[2]; /* ok, ng; 0: inactive */
  struct session session;
  bool input_levels[KEEPER_INPUTS];
  uint64_t run_first;     /* first part of this run: those before it that are open in the ring are of nobody */
  int64_t now_ns;         /* latest time seen */
  int64_t at_ns;          /* time of the input that is worked on */
  int64_t doubt_until[3]; /* START, ENCODER, LATE: in units of the base */
  uint32_t doubts_told;
  bool chip_lost;
  bool stopped;
  uint8_t verdict_given; /* of the verdict that is worked on, as the agent gave it */
  int64_t encoder_told_ns;
  int64_t encoder_told_counts;
  uint64_t encoder_told_lost;
};

/* --- belt.c: where the belt is --- */

bool is_encoder_based(const struct keeper *k);
/* Where the belt is: ns, or the highest count. What the trackers and doubts are fed. */
int64_t belt_now(const struct keeper *k);
bool is_part_open(const struct keeper *k);

/* --- doubt.c: READY and why it is off --- */

/* START, ENCODER or LATE, until all that is on the belt now has gone past. */
void doubt(struct keeper *k, enum wire_doubt bit);
/* A trigger was ignored for where the belt is: with counts lost of late, it may have been a part of its own. */
void doubt_ignored(struct keeper *k);
/* Somebody at the line says that the belt is empty. */
void clear_doubts(struct keeper *k);
/* At the end of every input: tells and sets READY. */
void update_ready(struct keeper *k);
int64_t next_of_doubts(const struct keeper *k);

/* --- tell.c: records to the agent --- */

/* Fills in number and counts; at_ns too where it is 0. Does nothing when nobody is connected. */
void tell(struct keeper *k, struct wire_event event);
void tell_fault(struct keeper *k, enum wire_fault fault, uint64_t value);
/* The number that a part has outside; 0 stays 0. */
uint64_t outside(const struct keeper *k, uint64_t part);
/* Ends the connection; with ACCEPTED without a word. */
void refuse(struct keeper *k, enum wire_refusal why);

/* --- backlog.c: parts that no agent has taken --- */

void tell_lost(struct keeper *k);
void tell_interrupted(struct keeper *k, uint64_t part);
uint64_t count_backlog(const struct keeper *k);
/* Tells as many as there is room for. */
void pump_backlog(struct keeper *k);

/* --- outputs.c --- */

void want(struct keeper *k, enum keeper_output output, bool active, int64_t due_ns, uint64_t part);
void want_all_inactive(struct keeper *k);
/* Pulses cut short, and held gates. */
void tick_gates(struct keeper *k);
int64_t next_of_gates(const struct keeper *k);
void hold_gate(struct keeper *k, uint32_t gate);
void drop_holds(struct keeper *k);

/* --- pulses.c --- */

void init_pulses(struct keeper *k);
void pulse_on_trigger(struct keeper *k, int64_t trigger_ns);
void pulse_on_resolved(struct keeper *k, bool ok);
void tick_pulses(struct keeper *k);
int64_t next_of_pulses(const struct keeper *k);

/* --- follow.c --- */

/* Takes all events of the trackers: into the ring, to the agent, to the outputs. After every call of a tracker. */
void follow(struct keeper *k);

#endif
