/*
 * The gatekeeper without its hands: all it decides, as one pure state machine. No I/O, clock or allocation. The host
 * feeds it edges, bytes and time, sets outputs and sends bytes as it is told. docs/adr/0009 says why.
 *
 * HOW TO HOST IT
 *   claim all lines with every output inactive; map the ring; keeper_init; keeper_level for each input
 *   for ever:
 *     poll until keeper_next(), a readable line, connection or listener
 *     now = CLOCK_MONOTONIC                                        first, before any line is read
 *     keeper_edge for all edges that wait, oldest first            (of all lines, in the order of their stamps)
 *     keeper_connected, keeper_bytes, keeper_disconnected
 *     keeper_tick(now)                                             always: only it makes the gate active
 *     while keeper_take_action: set the output, then keeper_applied with the clock read after the ioctl; or close
 *     write keeper_pending bytes without blocking, then keeper_sent with how many went
 * A KEEPER_CLOSE is done by trying once to write what is pending, closing the socket and calling keeper_disconnected.
 * When the lines are gone: keeper_chip_lost, retry to claim them (outputs inactive), keeper_chip_back, keeper_level for
 * each input. To end: keeper_stop, take the actions, release.
 *
 * All times are ns of CLOCK_MONOTONIC. Levels are logical: true is active.
 */
#ifndef LINEGATE_KEEPER_H
#define LINEGATE_KEEPER_H

#include "../track/track.h"
#include "encoder.h"
#include "parts.h"
#include "wire.h"

enum keeper_input {
  KEEPER_TRIGGER = 1, /* edges to active only; of these four both are fed, or those that conf asks for: */
  KEEPER_CONFIRM,     /* the one to inactive is shown in commissioning and otherwise without meaning */
  KEEPER_PART_AT_GATE,
  KEEPER_BIN_FULL,
  KEEPER_ESTOP_STATUS,
  KEEPER_ENCODER_A, /* both edges */
  KEEPER_ENCODER_B,
  KEEPER_INPUTS, /* how many, with 0 */
};

enum keeper_output {
  KEEPER_GATE = 1,
  KEEPER_GATE2,
  KEEPER_READY,
  KEEPER_STROBE,
  KEEPER_CAMERA_TRIGGER,
  KEEPER_PLC_BUSY,
  KEEPER_PLC_OK,
  KEEPER_PLC_NG,
  KEEPER_OUTPUTS, /* how many, with 0 */
};

/* What gatekeeper.conf says, but for paths and lines. */
struct keeper_conf {
  /* Of the gate, in ns or, with TRACK_BASE_ENCODER, counts; first_part is not looked at. */
  struct track_calibration gate;
  /* Of the review gate, which is behind the reject gate: its delay is not less. A delay of 0: there is none. */
  int64_t gate2_delay;
  int64_t gate2_width;
  int64_t gate2_recovery;
  enum encoder_kind encoder;    /* NONE if and only if the base is time */
  bool outputs[KEEPER_OUTPUTS]; /* those that are wired; actions come for these alone; GATE is a must, GATE2 with
                                   gate2_delay */
  int64_t heartbeat_ns;         /* all these more than 0 and at most TRACK_DURATION_MAX */
  int64_t late_ns;
  int64_t gate_max_ns;
  int64_t plc_ns;                  /* where plc-ok or plc-ng is wired */
  int64_t strobe_delay_ns;         /* 0 or more; where strobe is wired, as the next */
  int64_t strobe_width_ns;         /* more than 0 */
  int64_t camera_trigger_delay_ns; /* where camera-trigger is wired */
  int64_t camera_trigger_width_ns;
  uint64_t digest; /* FNV-1a, 64 bits, of the bytes of the conf file */
};

enum keeper_action_kind { KEEPER_SET = 1, KEEPER_CLOSE };

struct keeper_action {
  enum keeper_action_kind kind;
  enum keeper_output output;
  bool active;
};

struct keeper; /* in core/state.h; hosts make one static object of it and touch nothing in it */

/* Begins with all outputs inactive. NULL, or one sentence that names the key of conf and what to do; then unusable. The
 * memory is that of parts_open and stays the keeper's. */
const char *keeper_init(struct keeper *k, const struct keeper_conf *conf, void *ring, size_t ring_bytes,
                        int64_t now_ns);

/* The level of an input when it was claimed. */
void keeper_level(struct keeper *k, enum keeper_input input, bool active, int64_t now_ns);

/* An edge: kernel stamp, level after it, and how many edges of the same claim the kernel dropped just before it.
 * Encoder lines have a claim of their own. */
void keeper_edge(struct keeper *k, enum keeper_input input, int64_t ns, bool active, uint32_t lost);

/* A peer was accepted, its credentials checked; the nonce is random. Call only while no other is connected: a second
 * one gets keeper_busy and is closed by the host. */
void keeper_connected(struct keeper *k, uint64_t nonce, int64_t now_ns);
void keeper_bytes(struct keeper *k, const uint8_t *bytes, size_t count, int64_t now_ns);
void keeper_disconnected(struct keeper *k, int64_t now_ns);
void keeper_busy(uint8_t bytes[WIRE_BYTES], int64_t now_ns);

/* Does all that is due. */
void keeper_tick(struct keeper *k, int64_t now_ns);

/* When to tick next at the latest, or TRACK_NEVER. */
int64_t keeper_next(const struct keeper *k);

/* When a gate is next to move for a part, as far as is known now, or TRACK_NEVER; with counts as base always that. A
 * host that can be more precise than its timer has this to be precise for. */
int64_t keeper_next_gate(const struct keeper *k);

/* What the host has to do now; false when nothing. */
bool keeper_take_action(struct keeper *k, struct keeper_action *action);

/* A KEEPER_SET was done, at this time by the clock read after it. */
void keeper_applied(struct keeper *k, const struct keeper_action *action, int64_t ns);

/* Bytes to send: returns how many lie at *bytes (0: none), all in one piece; call again after keeper_sent for more. */
size_t keeper_pending(const struct keeper *k, const uint8_t **bytes);
void keeper_sent(struct keeper *k, size_t count, int64_t now_ns);

void keeper_chip_lost(struct keeper *k, int64_t now_ns);
void keeper_chip_back(struct keeper *k, int64_t now_ns);

/* What stands against READY: bits of enum wire_doubt; 0: ready. */
uint32_t keeper_doubts(const struct keeper *k);

/* Closes open parts as aborted, all outputs inactive, READY off, the connection refused; final. */
void keeper_stop(struct keeper *k, int64_t now_ns);

#endif
