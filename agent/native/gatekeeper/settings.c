#include "settings.h"

#include <string.h>

#define US INT64_C(1000)
#define MS INT64_C(1000000)

static const enum keeper_input inputs[CONF_GATE] = {
    [CONF_TRIGGER] = KEEPER_TRIGGER,           [CONF_CONFIRM] = KEEPER_CONFIRM,
    [CONF_ENCODER_A] = KEEPER_ENCODER_A,       [CONF_ENCODER_B] = KEEPER_ENCODER_B,
    [CONF_PART_AT_GATE] = KEEPER_PART_AT_GATE, [CONF_BIN_FULL] = KEEPER_BIN_FULL,
    [CONF_ESTOP_STATUS] = KEEPER_ESTOP_STATUS,
};

static const enum conf_role roles[KEEPER_OUTPUTS] = {
    [KEEPER_GATE] = CONF_GATE,
    [KEEPER_GATE2] = CONF_GATE2,
    [KEEPER_READY] = CONF_READY,
    [KEEPER_STROBE] = CONF_STROBE,
    [KEEPER_CAMERA_TRIGGER] = CONF_CAMERA_TRIGGER,
    [KEEPER_PLC_BUSY] = CONF_PLC_BUSY,
    [KEEPER_PLC_OK] = CONF_PLC_OK,
    [KEEPER_PLC_NG] = CONF_PLC_NG,
};

enum keeper_input settings_input(uint8_t role) { return inputs[role]; }

enum conf_role settings_role(enum keeper_output output) { return roles[output]; }

/* The words of these three stand in the order of the tracker's enumerations. */
static void set_gate(const struct conf *conf, struct track_calibration *gate) {
  bool counts = conf->word[CONF_BASE] == CONF_BASE_ENCODER;
  gate->base = counts ? TRACK_BASE_ENCODER : TRACK_BASE_TIME;
  gate->fail_safe = conf->word[CONF_FAIL_SAFE];
  gate->too_close = conf->word[CONF_TOO_CLOSE];
  gate->confirm = conf->word[CONF_CONFIRMATION];
  gate->delay_ns = conf->number[CONF_DELAY];
  gate->width_ns = conf->number[CONF_WIDTH];
  gate->recovery_ns = conf->number[CONF_RECOVERY];
  gate->lead_ns = conf->number[CONF_LEAD];
  gate->trigger_dead_ns = conf->number[CONF_TRIGGER_DEAD];
  gate->confirm_from_ns = conf->number[CONF_CONFIRM_FROM];
  gate->confirm_to_ns = conf->number[CONF_CONFIRM_TO];
}

static enum encoder_kind encoder_of(const struct conf *conf) {
  static const enum encoder_kind kinds[] = {[CONF_ENCODER_QUADRATURE] = ENCODER_QUADRATURE,
                                            [CONF_ENCODER_SINGLE] = ENCODER_SINGLE,
                                            [CONF_ENCODER_REVERSED] = ENCODER_QUADRATURE_REVERSED};
  return conf->word[CONF_BASE] == CONF_BASE_ENCODER ? kinds[conf->word[CONF_ENCODER]] : ENCODER_NONE;
}

void settings_of(const struct conf *conf, struct keeper_conf *settings) {
  memset(settings, 0, sizeof *settings);
  set_gate(conf, &settings->gate);
  settings->encoder = encoder_of(conf);
  if (conf_has(conf, CONF_GATE2)) {
    settings->gate2_delay = conf->number[CONF_GATE2_DELAY];
    settings->gate2_width = conf->number[CONF_GATE2_WIDTH];
    settings->gate2_recovery = conf->number[CONF_GATE2_RECOVERY];
  }
  for (int output = KEEPER_GATE; output < KEEPER_OUTPUTS; output++) {
    settings->outputs[output] = conf_has(conf, settings_role((enum keeper_output)output));
  }
  settings->heartbeat_ns = conf->number[CONF_HEARTBEAT_MS] * MS;
  settings->late_ns = conf->number[CONF_LATE_US] * US;
  settings->gate_max_ns = conf->number[CONF_GATE_MAX_MS] * MS;
  settings->plc_ns = conf->number[CONF_PLC_US] * US;
  settings->strobe_delay_ns = conf->number[CONF_STROBE_DELAY_US] * US;
  settings->strobe_width_ns = conf->number[CONF_STROBE_WIDTH_US] * US;
  settings->camera_trigger_delay_ns = conf->number[CONF_CAMERA_TRIGGER_DELAY_US] * US;
  settings->camera_trigger_width_ns = conf->number[CONF_CAMERA_TRIGGER_WIDTH_US] * US;
  settings->digest = conf->digest;
}
