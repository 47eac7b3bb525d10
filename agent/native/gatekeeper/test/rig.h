/* A host for the keeper in tests: time is a number, outputs are levels, the agent is a log of the records it got. */
#ifndef LINEGATE_GATEKEEPER_RIG_H
#define LINEGATE_GATEKEEPER_RIG_H

#include "../core/state.h"

#define RIG_RECORDS 8192
#define RIG_LOG 16384

#define CHECK(condition) ((condition) ? (void)0 : rig_fail(#condition, __FILE__, __LINE__))

_Noreturn void rig_fail(const char *condition, const char *file, int line);

struct rig {
  struct keeper keeper;
  int64_t now;
  int64_t slow; /* how long after a tick an output moves */
  bool levels[KEEPER_OUTPUTS];
  uint64_t nonce;
  uint64_t number; /* of the agent's last record */
  bool mute;       /* the agent does not read */
  uint64_t heard;  /* number of the last record from the keeper */
  size_t log_count;
  struct wire_event log[RIG_LOG]; /* the oldest are kept */
  uint8_t half[WIRE_BYTES];
  size_t half_count;
  void (*on_output)(struct rig *rig, enum keeper_output output, bool active);
};

/* Small round numbers: window [T + 100, T + 120), recovery 10, deadline T + 90, dead 5. */
struct keeper_conf rig_conf(void);

/* A ring with nothing in it, for rig_start. Shared by all rigs: a restart finds what the last left. */
void rig_new_ring(void);
void *rig_ring(void);
size_t rig_ring_bytes(void);

void rig_start(struct rig *rig, const struct keeper_conf *conf, int64_t now);

/* Does what the keeper asks for. */
void rig_settle(struct rig *rig);
void rig_tick(struct rig *rig, int64_t now);
/* Ticks at every time asked for. */
void rig_run(struct rig *rig, int64_t until);
void rig_edge(struct rig *rig, enum keeper_input input, int64_t ns);

void rig_connect(struct rig *rig);
void rig_send(struct rig *rig, enum wire_request_kind kind, uint64_t part, uint8_t argument);
void rig_attach(struct rig *rig, uint64_t first_part);
void rig_disconnect(struct rig *rig);

/* Is attached, heartbeats, and is past the doubts of the start. */
void rig_make_ready(struct rig *rig, const struct keeper_conf *conf);

/* The nth record of this kind from the keeper, from 0; NULL when there is none. */
const struct wire_event *rig_heard(const struct rig *rig, int kind, int nth);
int rig_count(const struct rig *rig, int kind);
void rig_forget(struct rig *rig);

#endif
