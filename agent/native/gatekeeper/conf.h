/*
 * gatekeeper.conf: one `key value` a line, # begins a comment. The agent writes it from station.yaml and the
 * calibration.
 *
 *   station NAME           socket PATH            ring PATH
 *   input ROLE chip=LABEL line=NAME|offset=N active=high|low debounce-us=N bias=BIAS
 *     ROLE: trigger (required), confirm, encoder-a, encoder-b, part-at-gate, bin-full, estop-status
 *     BIAS: as-is (default), disabled, pull-up, pull-down
 *     What counts is the edge to active.
 *
 *     The kernel's debounce counts in its own ticks of up to 10 ms and stamps the edge when it is over: an encoder
 *     gets none, and a trigger is better served by trigger-dead.
 *
 *   output ROLE chip=LABEL line=NAME|offset=N active=high|low
 *     ROLE: gate (required), gate2, ready, strobe, camera-trigger, plc-busy, plc-ok, plc-ng
 *   and the words and numbers in the tables of conf_values.c.
 *
 * Nothing may be given twice.
 */
#ifndef LINEGATE_CONF_H
#define LINEGATE_CONF_H

#include "fault.h"
#include "gpio.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Purposes of lines; they are the ids that gpio.c is given. */
enum conf_role {
  CONF_TRIGGER,
  CONF_CONFIRM,
  CONF_ENCODER_A,
  CONF_ENCODER_B,
  CONF_PART_AT_GATE,
  CONF_BIN_FULL,
  CONF_ESTOP_STATUS,
  CONF_GATE,
  CONF_GATE2,
  CONF_READY,
  CONF_STROBE,
  CONF_CAMERA_TRIGGER,
  CONF_PLC_BUSY,
  CONF_PLC_OK,
  CONF_PLC_NG,
  CONF_ROLES
};

enum conf_text { CONF_STATION, CONF_SOCKET, CONF_RING, CONF_TEXTS };

/* Words; the value is the place of the word in its table, from 1, as in the tracker's enumerations. */
enum conf_word { CONF_BASE, CONF_ENCODER, CONF_FAIL_SAFE, CONF_TOO_CLOSE, CONF_CONFIRMATION, CONF_WORDS };
enum { CONF_BASE_TIME = 1, CONF_BASE_ENCODER };
enum { CONF_ENCODER_QUADRATURE = 1, CONF_ENCODER_SINGLE, CONF_ENCODER_REVERSED };
enum { CONF_CONFIRMATION_NONE = 1, CONF_CONFIRMATION_EJECTED };

enum conf_number {
  CONF_DELAY,
  CONF_WIDTH,
  CONF_RECOVERY,
  CONF_LEAD,
  CONF_TRIGGER_DEAD,
  CONF_CONFIRM_FROM,
  CONF_CONFIRM_TO,
  CONF_GATE2_DELAY,
  CONF_GATE2_WIDTH,
  CONF_GATE2_RECOVERY,
  CONF_HEARTBEAT_MS,
  CONF_LATE_US,
  CONF_WAKE_EARLY_US,
  CONF_GATE_MAX_MS,
  CONF_AGENT_UID,
  CONF_STROBE_DELAY_US,
  CONF_STROBE_WIDTH_US,
  CONF_CAMERA_TRIGGER_DELAY_US,
  CONF_CAMERA_TRIGGER_WIDTH_US,
  CONF_PLC_US,
  CONF_NUMBERS
};

#define CONF_TEXT_MAX 108
#define CONF_FILE_MAX 16384
#define CONF_NOBODY UINT32_MAX /* the agent-uid when none was given */

struct conf {
  char text[CONF_TEXTS][CONF_TEXT_MAX];
  uint8_t word[CONF_WORDS];
  int64_t number[CONF_NUMBERS];
  struct gpio_line lines[CONF_ROLES];
  size_t line_count;
  uint64_t digest; /* FNV-1a, 64 bits, of the file's bytes */
  /* What the file gave, as bits. */
  uint32_t texts;
  uint32_t words;
  uint32_t numbers;
  uint32_t roles;
};

/* Reads and checks the file; the fault names the line where there is one. Whether the calibration's figures fit
 * together is the tracker's to say. */
bool conf_read(struct conf *conf, const char *path, struct fault *fault);

/* The same of text that was read already, which is overwritten. `path` is for the faults. */
bool conf_parse(struct conf *conf, const char *path, char *text, size_t length, struct fault *fault);

bool conf_has(const struct conf *conf, enum conf_role role);

#endif
