/* The keeper and its hands: what the host's files share. One static object of it. */
#ifndef LINEGATE_HOST_H
#define LINEGATE_HOST_H

#include "conf.h"
#include "core/state.h"
#include "early.h"
#include "gpio.h"
#include "keeper.h"
#include "store.h"

#define HOST_NONE (-1) /* no file descriptor */

struct host {
  struct conf conf;
  struct keeper_conf settings;
  struct keeper keeper;
  struct gpio gpio;
  struct store ring;
  int listener;
  int peer;
  int timer;
  int signals;
  bool peer_waits;  /* the socket took no more: poll says when it does */
  int64_t timer_at; /* what the timer was last set for, or when, if that was over */
  bool realtime;    /* runs before all that is ordinary */
  struct early early;
  bool lines_lost;
  bool stopping;
  int64_t reclaim_at; /* when lines_lost */
  int64_t watchdog_period;
  int64_t watchdog_at;
};

/* CLOCK_MONOTONIC, ns. */
int64_t host_now(void);

/* --- lines.c --- */

/* Claims all lines, every output inactive. */
bool lines_claim(struct host *host, struct fault *fault);

/* Tells the keeper the level of each input. */
void lines_tell_levels(struct host *host, int64_t now);

/* Tells the keeper all edges up to now, oldest first. */
void lines_tell_edges(struct host *host, int64_t now);

/* Sets one output as the keeper says, and tells it when. */
void lines_apply(struct host *host, const struct keeper_action *action);

/* Sees whether a chip has gone, and after that tries to claim the lines again every half second. */
void lines_watch(struct host *host, int64_t now);

/* Makes each configured output inactive on its own, as far as it can; false and the last fault where one could not be.
 */
bool lines_de_energise(struct host *host, struct fault *fault);

/* Has a crash of the process make all outputs inactive: where the kernel keeps the level of a line that nobody holds, a
 * gate would stay active. */
void lines_guard(const struct host *host);

/* --- peer.c --- */

/* Accepts one connection, refuses it while there is another. */
void peer_accept(struct host *host, int64_t now);

/* Tells the keeper what came. */
void peer_receive(struct host *host, int64_t now);

/* Sends what the keeper has for the agent, as much as fits. */
void peer_flush(struct host *host, int64_t now);

/* Sends what fits, closes, tells the keeper. */
void peer_close(struct host *host, int64_t now);

/* --- loop.c --- */

/* Runs until a signal asks it to end; outputs are inactive and released then. */
bool loop_run(struct host *host, struct fault *fault);

#endif
