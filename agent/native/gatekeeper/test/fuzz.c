/*
 * Fuzzes the keeper: bytes become a configuration, edges, records good and bad, deaths, times and reads. Whatever they
 * are, READY is on only with an agent that heartbeats, no output moves without its line, and all parts are accounted
 * for.
 */
#include "../core/state.h"

#include <stdlib.h>
#include <string.h>

#define CHECK(condition) ((condition) ? (void)0 : abort())
#define CALLS 400

struct host {
  const uint8_t *bytes;
  size_t size;
  int64_t now;
  uint64_t number;
  uint64_t heard; /* number of the last record from the keeper */
  bool connected;
  bool levels[KEEPER_OUTPUTS];
};

static struct keeper keeper;
static struct host host;
static uint64_t ring[(PARTS_CAPACITY_MIN + 2) * 8];

static uint8_t byte(void) {
  if (host.size == 0) return 0;
  host.size--;
  return *host.bytes++;
}

static void hear(const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i + WIRE_BYTES <= count; i += WIRE_BYTES) {
    struct wire_event event;
    CHECK(wire_decode_event(bytes + i, &event) && event.number == ++host.heard);
  }
}

static void read_some(size_t most) {
  const uint8_t *bytes;
  size_t count = keeper_pending(&keeper, &bytes);
  if (count > most) count = most;
  hear(bytes, count);
  keeper_sent(&keeper, count, host.now);
}

static void settle(void) {
  struct keeper_action action;
  while (keeper_take_action(&keeper, &action)) {
    if (action.kind == KEEPER_CLOSE) {
      keeper_disconnected(&keeper, host.now);
      host.connected = false;
      continue;
    }
    CHECK(keeper.conf.outputs[action.output] && host.levels[action.output] != action.active);
    host.levels[action.output] = action.active;
    host.now += byte() & 1;
    keeper_applied(&keeper, &action, host.now);
  }
  const struct track_counters *c = &keeper.gates[0].track.counters;
  CHECK(c->events_lost == 0 && keeper.parts.first <= keeper.parts.next);
  if (!host.levels[KEEPER_READY] || keeper.chip_lost) return;
  CHECK(keeper.session.role == WIRE_ROLE_AGENT && !keeper.session.closing && !keeper.stopped);
}

static void send_request(uint8_t how) {
  uint8_t bytes[WIRE_BYTES];
  struct wire_request request = {
      .kind = how & 7, .argument = byte() & 3, .number = ++host.number, .nonce = 5, .part = byte()};
  wire_encode_request(&request, bytes);
  if (how >= 0xf0) bytes[byte() % WIRE_BYTES] ^= byte();
  keeper_bytes(&keeper, bytes, WIRE_BYTES, host.now);
}

static void send_garbage(void) {
  uint8_t bytes[256];
  size_t count = byte();
  for (size_t i = 0; i < count; i++)
    bytes[i] = byte();
  keeper_bytes(&keeper, bytes, count, host.now);
}

static void connect_or_leave(void) {
  if (host.connected) {
    keeper_disconnected(&keeper, host.now);
  } else {
    host.number = host.heard = 0;
    keeper_connected(&keeper, 5, host.now);
  }
  host.connected = !host.connected;
}

static void edge(uint8_t how) {
  enum keeper_input input = (enum keeper_input)(KEEPER_TRIGGER + (how >> 4) % (KEEPER_INPUTS - 1));
  keeper_edge(&keeper, input, host.now - (byte() & 3), (how & 8) != 0, how == 0xff);
}

static void chip(uint8_t how) {
  if (how < 200) return;
  if (!keeper.chip_lost) {
    keeper_chip_lost(&keeper, host.now);
    return;
  }
  memset(host.levels, 0, sizeof host.levels);
  keeper_chip_back(&keeper, host.now);
}

/* Killed and started anew, with one byte of the ring spoilt. */
static void restart(void) {
  struct keeper_conf conf = keeper.conf;
  ((uint8_t *)ring)[(size_t)(byte() << 8 | byte()) % sizeof ring] ^= byte();
  memset(host.levels, 0, sizeof host.levels);
  host.connected = false;
  if (keeper_init(&keeper, &conf, ring, sizeof ring, host.now) == NULL) return;
  memset(ring, 0, sizeof ring); /* its numbers had run out */
  CHECK(keeper_init(&keeper, &conf, ring, sizeof ring, host.now) == NULL);
}

static void call(void) {
  uint8_t how = byte();
  switch (byte() % 12) {
  case 0: connect_or_leave(); break;
  case 1:
  case 2: send_request(how); break;
  case 3: send_garbage(); break;
  case 4: read_some((size_t)(how & 31) * WIRE_BYTES); break;
  case 5: chip(how); break;
  case 6: keeper_level(&keeper, (enum keeper_input)(1 + how % (KEEPER_INPUTS - 1)), (how & 128) != 0, host.now); break;
  case 7:
    if (how == 0xff) keeper_stop(&keeper, host.now);
    if (how < 16) restart();
    break;
  case 8:
  case 9: edge(how); break;
  default: host.now = how < 128 ? host.now + (how & 15) : keeper_next(&keeper);
  }
  if (host.now > 1000000 || host.now < 0) host.now = keeper.now_ns + 1;
  settle();
  keeper_tick(&keeper, host.now);
  settle();
}

static struct keeper_conf any_conf(void) {
  uint8_t how = byte();
  struct keeper_conf conf = {.gate = {.base = how & 1 ? TRACK_BASE_ENCODER : TRACK_BASE_TIME,
                                      .fail_safe = (uint8_t)(1 + byte() % 3),
                                      .too_close = (uint8_t)(1 + byte() % 3),
                                      .confirm = (uint8_t)(1 + byte() % 2),
                                      .delay_ns = 12,
                                      .width_ns = 3,
                                      .recovery_ns = 2,
                                      .lead_ns = 1 + (byte() & 7),
                                      .trigger_dead_ns = 1 + (byte() & 7),
                                      .confirm_to_ns = 9},
                             .encoder = how & 1 ? (enum encoder_kind)(1 + byte() % 3) : ENCODER_NONE,
                             .gate2_delay = how & 2 ? 14 : 0,
                             .gate2_width = how & 4 ? 5 : 3,
                             .gate2_recovery = how & 8 ? 1 : 2,
                             .heartbeat_ns = 50,
                             .late_ns = 2,
                             .gate_max_ns = 9,
                             .plc_ns = 3,
                             .strobe_width_ns = 2,
                             .camera_trigger_delay_ns = 4,
                             .camera_trigger_width_ns = 1};
  for (int i = KEEPER_GATE; i < KEEPER_OUTPUTS; i++)
    conf.outputs[i] = i != KEEPER_GATE2 || how & 2;
  return conf;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  host = (struct host){.bytes = bytes, .size = size, .now = 100};
  struct keeper_conf conf = any_conf();
  memset(ring, 0, sizeof ring);
  if (keeper_init(&keeper, &conf, ring, sizeof ring, host.now) != NULL) return 0;
  for (int i = 0; i < CALLS && host.size > 0; i++)
    call();
  keeper_stop(&keeper, host.now);
  settle();
  for (int i = KEEPER_GATE; i < KEEPER_OUTPUTS && !keeper.chip_lost; i++)
    CHECK(!host.levels[i]);
  return 0;
}
