/*
 * The records on the gatekeeper's socket: each exactly 64 bytes, little-endian, both ways. Pure. Decoding refuses all
 * that is not exactly right; bytes that a kind does not use are 0 and are checked to be.
 *
 * EVERY RECORD
 *    0  u16  magic 0x474c: the bytes 'L' 'G'
 *    2  u8   version: 1
 *    3  u8   kind
 *    4  u32  0
 *    8  u64  number: 1 in the first record of a connection, up by one with each, for each direction on its own
 *
 * FROM THE AGENT
 *   16  u64  nonce, as in HELLO
 *   24  u64  part
 *   32  u8   argument
 *   33       0 to the end
 *
 *   kind                 part                     argument
 *    1 ATTACH            first part: the number   role: 1 agent, 2 commission
 *                        after the agent's last,
 *                        1 when it has none; 0 in
 *                        role commission
 *    2 VERDICT           the part                 1 pass, 2 reject, 3 review
 *    3 ACKNOWLEDGE       the part, which is over; 0
 *                        or the last of a LOST span
 *    4 HEARTBEAT         0                        0
 *    5 RESUME            0                        0 after a stopped line; 1 as well: somebody at the line says that
 *                                                 the belt from photo-eye to gate is empty, which ends the doubts
 *                                                 START, ENCODER and LATE if no part is open
 *    6 DETACH            0                        0
 *    7 HOLD_GATE         0                        gate: 1 or 2; role commission only
 *   Role commission may not send VERDICT and ACKNOWLEDGE; it is told nothing of parts but what its gates do.
 *   ATTACH comes first and once. After anything wrong come REFUSED and the end of the connection.
 *
 * FROM THE GATEKEEPER
 *   16  i64  at_ns: CLOCK_MONOTONIC, the kernel's stamp where there is one
 *   24  i64  due_ns: when it should have happened; of things that just happen the same as at_ns
 *   32  i64  counts: the furthest that the belt had come when it happened; 0 when the base is time
 *   40  u64  part
 *   48  u64  value
 *   56  u8   action        1 eject, 2 pass, 3 missed, 4 aborted
 *   57  u8   cause         0 stopped, 1 verdict, 2 fail-safe, 3 too-close
 *   58  u8   verdict       0 none, 1 pass, 2 reject, 3 review
 *   59  u8   confirmation  0 none, 1 confirmed, 2 unconfirmed
 *   60  u8   flag          0 or 1
 *   61  u8   code
 *   62  u16  0
 *   Fields not named here are 0; at_ns and counts are in every record. "settled" is action, cause, verdict,
 * confirmation and flag: too close.
 *
 *   kind                  fields
 *   64 HELLO              due_ns: conf digest (as u64), part: number of the next part, value: nonce, flag: the offset
 * of the numbers is known (when not, the first ATTACH's first part is the oldest part's number) 65 ATTACHED part:
 * number of the next part; those before it are told by INTERRUPTED alone; value: how many of them will be 66 REFUSED
 * code: enum wire_refusal; the connection ends 67 LOST               part: first, value: last: parts that the
 * gatekeeper had to forget before anyone acknowledged them; told at each attach and when it grows, until the last is
 * acknowledged 68 INTERRUPTED        part, at_ns: its trigger (0 unknown), code: 1 what the gate did to it is known,
 * then settled, due_ns: when it should have closed, value: when it did (ns); 0 not known, the rest is 0 69 READY flag:
 * ready, value: the doubts (bits of enum wire_doubt) 70 INPUT              code: enum keeper_input, flag: active,
 * value: by how many counts the belt is below its high-water mark at that edge. Agents get part-at-gate, bin-full and
 * estop-status, the last two also at attach; commission gets all but the encoder's 71 FAULT              code: enum
 * wire_fault, value: see there 72 ENCODER            at most five a second, when something changed: counts: position
 * (may be below the high-water mark), value: ns for a count, 0 when the belt stands, part: losses noticed 73
 * HOLD_DENIED        code: gate; a part is open, or its chip is gone
 *
 *   The tracker's, numbered 96 + enum track_kind:
 *   97 TRIGGER            part, due_ns: deadline (in encoder mode an estimate; 0 when the belt stands)
 *   98 TRIGGER_IGNORED    part: the last or 0, code: enum wire_ignored
 *   99 TOO_CLOSE          part, value: neighbour
 *  100 RESOLVED           part, due_ns, settled
 *  101 GATE_ON            part, code: gate 1 or 2, due_ns, at_ns: after the line was set
 *  102 GATE_OFF           the same; part 0: not for a part (held gate, gate-max, stop)
 *  103 MISSED_PULSE       part, code: gate, due_ns
 *  104 VERDICT_LATE       part, verdict
 *  105 VERDICT_UNKNOWN    part, verdict; also for parts opened before the attach
 *  106 VERDICT_REPEATED   part, verdict
 *  107 CONFIRMED          part
 *  108 CONFIRM_UNEXPECTED
 *  109 CLOSED             part, due_ns, settled; once both gates are past it
 *  110 STOP_LINE          part, cause
 */
#ifndef LINEGATE_WIRE_H
#define LINEGATE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#define WIRE_BYTES 64
#define WIRE_MAGIC 0x474c
#define WIRE_VERSION 1
#define WIRE_TRACK 96 /* + enum track_kind */

enum wire_request_kind {
  WIRE_ATTACH = 1,
  WIRE_VERDICT,
  WIRE_ACKNOWLEDGE,
  WIRE_HEARTBEAT,
  WIRE_RESUME,
  WIRE_DETACH,
  WIRE_HOLD_GATE,
};

enum wire_role { WIRE_ROLE_AGENT = 1, WIRE_ROLE_COMMISSION };

enum wire_event_kind {
  WIRE_HELLO = 64,
  WIRE_ATTACHED,
  WIRE_REFUSED,
  WIRE_LOST,
  WIRE_INTERRUPTED,
  WIRE_READY,
  WIRE_INPUT,
  WIRE_FAULT,
  WIRE_ENCODER,
  WIRE_HOLD_DENIED,
};

enum wire_refusal {
  WIRE_ACCEPTED,
  WIRE_REFUSED_BUSY,      /* another agent is connected */
  WIRE_REFUSED_MALFORMED, /* magic, version, kind or a byte that must be 0 */
  WIRE_REFUSED_NONCE,
  WIRE_REFUSED_NUMBER, /* replayed or left out */
  WIRE_REFUSED_RANGE,  /* an argument or part that cannot be, such as an acknowledged part that is still open */
  WIRE_REFUSED_ORDER,  /* before ATTACH, or a second ATTACH */
  WIRE_REFUSED_ROLE,
  WIRE_REFUSED_AHEAD, /* first part is above the next part: another ledger or another ring */
  WIRE_REFUSED_SLOW,  /* the agent does not read; may not arrive */
  WIRE_REFUSED_STOPPING,
};

/* Why READY is off. */
enum wire_doubt {
  WIRE_DOUBT_START = 1,     /* parts may lie on the belt that have no record */
  WIRE_DOUBT_ENCODER = 2,   /* counts were lost */
  WIRE_DOUBT_LATE = 4,      /* a pulse was missed, late or cut short */
  WIRE_DOUBT_RING = 8,      /* parts were lost before anybody acknowledged them */
  WIRE_DOUBT_CHIP = 16,     /* the lines are gone */
  WIRE_DOUBT_NO_AGENT = 32, /* none attached in the role agent, or no heartbeat */
  WIRE_DOUBT_STOPPED = 64,  /* the line was stopped and not resumed, or the gatekeeper is stopping */
};

enum wire_fault {
  WIRE_FAULT_CHIP_LOST = 1,
  WIRE_FAULT_CHIP_BACK,
  WIRE_FAULT_EDGES_LOST,     /* value: enum keeper_input whose edges were lost */
  WIRE_FAULT_GATE_CUT_SHORT, /* value: gate; the belt stood for gate-max or went back within its pulse */
  WIRE_FAULT_PULSE_DROPPED,  /* value: enum keeper_output, a strobe or camera trigger */
  WIRE_FAULT_TRIGGER_LATE,   /* value: by how many ns (counts) an edge came to us too late to be placed rightly */
  WIRE_FAULT_GATE_LATE,      /* value: by how many ns a gate moved too late */
  WIRE_FAULT_RING_DAMAGED,   /* value: how many records of the ring could not be read */
};

enum wire_ignored {
  WIRE_IGNORED_BOUNCE,        /* closer than trigger-dead to the last */
  WIRE_IGNORED_STOPPED,       /* the gatekeeper is stopping */
  WIRE_IGNORED_COUNTED,       /* the belt went back: a part seen before */
  WIRE_IGNORED_UNCOUNTED,     /* the belt went back: a part not seen before; START is doubted */
  WIRE_IGNORED_COMMISSIONING, /* no parts are opened while role commission is attached */
};

struct wire_request {
  uint8_t kind; /* enum wire_request_kind */
  uint8_t argument;
  uint64_t number;
  uint64_t nonce;
  uint64_t part;
};

struct wire_event {
  uint8_t kind; /* enum wire_event_kind, or WIRE_TRACK + enum track_kind */
  uint8_t action;
  uint8_t cause;
  uint8_t verdict;
  uint8_t confirmation;
  uint8_t flag;
  uint8_t code;
  uint64_t number;
  int64_t at_ns;
  int64_t due_ns;
  int64_t counts;
  uint64_t part;
  uint64_t value;
};

/* ACCEPTED, or why not: MALFORMED, or RANGE where an argument or part cannot be for that kind. Nonce, number, order
 * and role are the session's to check. */
enum wire_refusal wire_decode(const uint8_t bytes[WIRE_BYTES], struct wire_request *request);

void wire_encode(const struct wire_event *event, uint8_t bytes[WIRE_BYTES]);

/* For tests and fuzzers, and the other ends. */
void wire_encode_request(const struct wire_request *request, uint8_t bytes[WIRE_BYTES]);
bool wire_decode_event(const uint8_t bytes[WIRE_BYTES], struct wire_event *event);

#endif
