/* What stands around the keeper in the model check: outputs, and the agent's records. */
#include "model.h"

#include <string.h>

void detach(void) { world.attached = false; }

void settle(void) {
  struct keeper_action action;
  const uint8_t *bytes;
  while (keeper_take_action(&world.keeper, &action)) {
    if (action.kind == KEEPER_CLOSE) {
      keeper_disconnected(&world.keeper, world.now);
      detach();
    } else {
      world.levels[action.output] = action.active;
      keeper_applied(&world.keeper, &action, world.now);
    }
  }
  for (size_t n = keeper_pending(&world.keeper, &bytes); n > 0; n = keeper_pending(&world.keeper, &bytes))
    keeper_sent(&world.keeper, n, world.now);
}

static struct keeper_conf conf_of_model(void) {
  struct keeper_conf conf = {.gate = {.base = TRACK_BASE_TIME,
                                      .fail_safe = TRACK_FAIL_SAFE_EJECT,
                                      .too_close = TRACK_TOO_CLOSE_EJECT_NEIGHBOUR,
                                      .confirm = TRACK_CONFIRM_NONE,
                                      .delay_ns = DELAY,
                                      .width_ns = WIDTH,
                                      .recovery_ns = RECOVERY,
                                      .lead_ns = LEAD,
                                      .trigger_dead_ns = 1},
                             .heartbeat_ns = HEARTBEAT,
                             .late_ns = LATE,
                             .gate_max_ns = 100};
  conf.outputs[KEEPER_GATE] = conf.outputs[KEEPER_READY] = true;
  return conf;
}

void start(void) {
  struct keeper_conf conf = conf_of_model();
  memset(world.levels, 0, sizeof world.levels);
  detach();
  CHECK(keeper_init(&world.keeper, &conf, world.ring, sizeof world.ring, world.now) == NULL);
  settle();
}

void send_bytes(struct wire_request request, int spoil) {
  uint8_t bytes[WIRE_BYTES];
  wire_encode_request(&request, bytes);
  bytes[40] = (uint8_t)(bytes[40] + spoil);
  keeper_bytes(&world.keeper, bytes, WIRE_BYTES, world.now);
  settle();
}

void send_request(enum wire_request_kind kind, uint64_t part, uint8_t argument) {
  send_bytes(
      (struct wire_request){
          .kind = (uint8_t)kind, .argument = argument, .number = ++world.number, .nonce = 7, .part = part},
      0);
}
