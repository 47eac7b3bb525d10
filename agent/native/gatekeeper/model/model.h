/*
 * A bounded model check: every order of edges, verdicts, records that must be refused, deaths of the agent and of the
 * gatekeeper, attaches, heartbeats, lost lines, a host that sleeps, and ticks, with up to three parts, on the keeper
 * itself. Time is 0, 1, 2 ...; at each time any inputs come, then the host ticks, and the gate and READY stand so until
 * the next time. States seen before are not looked at again. What must hold (the numbers are those of the design's
 * invariants):
 *  2  no part is ejected for another's verdict unless flagged as too close; a late verdict moves nothing
 *  3  a part without a verdict by its deadline is ejected, agent or no agent
 *  5  no part that nobody sorts passes while READY is on; READY is on only while an agent heartbeats
 * A host that gets no processor can set nothing while it sleeps, READY as little as the gate. Then this must hold: when
 * it wakes, whatever 2 or 3 was broken drops READY in the same turn, and a part whose pulse was missed has that in its
 * record.
 * Times are told apart only as seen from now, so the search ends by itself. A fault is that the lines or the gatekeeper
 * go, or the host sleeps. Usage: model [PARTS [FAULTS]]. Prints how many states there are.
 */
#ifndef LINEGATE_GATEKEEPER_MODEL_H
#define LINEGATE_GATEKEEPER_MODEL_H

#include "../core/state.h"

#define PARTS 3
#define DELAY INT64_C(6)
#define WIDTH 2
#define RECOVERY 1
#define LEAD 1
#define HEARTBEAT 4
#define LATE 1
#define SLEEP_MAX (2 * DELAY)

#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __FILE__, __LINE__))

/* A part as it really is. */
struct body {
  int64_t at;
  uint64_t number;  /* as told; 0: never counted */
  uint8_t verdict;  /* that counts */
  bool unsorted;    /* nobody has it in hand: the lines or the gatekeeper went, or it was never counted */
  bool gate_at_all; /* active at some time, all the time, while it was at the gate */
  bool gate_always;
  bool slept;   /* the host did, while it was at the gate */
  bool wronged; /* 2 or 3 was broken for it, and the host does not know yet */
};

struct world {
  struct keeper keeper;
  uint64_t ring[(PARTS_CAPACITY_MIN + 2) * 8];
  uint64_t number;
  int64_t now;
  int64_t ticked; /* time of the last tick */
  int64_t heard;
  int64_t last_trigger;
  uint8_t count;
  uint8_t waiting;       /* the last so many bodies: their edges wait for the host to wake */
  uint8_t attached_from; /* bodies from here on are the agent's */
  uint8_t faults;
  bool asleep;
  bool attached;
  bool chip_lost;
  bool levels[KEEPER_OUTPUTS];
  struct body bodies[PARTS];
};

extern struct world world;
extern long parts_max;
extern long faults_max;

static inline int64_t gate_from(const struct body *b) { return b->at + DELAY; }

/* --- search.c --- */

_Noreturn void fail(const char *condition, const char *file, int line);

/* --- states.c --- */

/* The state of the world as a number; what differs only in what is long past has the same. */
uint64_t hash_world(void);

/* --- host.c: what stands around the keeper --- */

void settle(void);
void start(void);
void detach(void);
/* A record of the agent, with this added to a byte that must be 0. */
void send_bytes(struct wire_request request, int spoil);
void send_request(enum wire_request_kind kind, uint64_t part, uint8_t argument);

/* --- acts.c: what may happen --- */

struct choice {
  const char *name;
  bool (*act)(int which); /* false: it cannot happen now */
  int variants;
};

#define CHOICES 12
extern const struct choice choices[CHOICES];

bool do_attach(int which);
bool do_tick(int which);

/* --- rules.c: what must hold --- */

/* As it stands from now to the next time. */
void look(void);

/* After a tick: what went wrong while the host slept is told. */
void look_after_tick(void);

#endif
