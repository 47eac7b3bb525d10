/*
 * For the test of the agent's comparison by counts: reads edges on standard input, each a line of "ns input level lost"
 * (enum keeper_input), gives them to the keeper as they come, and writes what an attached agent is told, records of 64
 * bytes, on standard output. By counts: window [T + 100, T + 120), recovery 10, dead 10.
 */
#include "../test/rig.h"

#include <stdio.h>
#include <stdlib.h>

static struct rig rig;

static void write_told(void) {
  uint8_t bytes[WIRE_BYTES];
  for (size_t i = 0; i < rig.log_count; i++) {
    wire_encode(&rig.log[i], bytes);
    CHECK(fwrite(bytes, sizeof bytes, 1, stdout) == 1);
  }
  rig_forget(&rig);
}

int main(void) {
  struct keeper_conf conf = rig_conf();
  char line[128];
  conf.gate.base = TRACK_BASE_ENCODER;
  conf.gate.trigger_dead_ns = 10;
  conf.encoder = ENCODER_QUADRATURE;
  conf.heartbeat_ns = TRACK_DURATION_MAX;
  rig_new_ring();
  rig_start(&rig, &conf, 1000);
  rig_attach(&rig, 1);
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *rest = line;
    int64_t ns = strtoll(rest, &rest, 10);
    enum keeper_input input = (enum keeper_input)strtol(rest, &rest, 10);
    bool active = strtol(rest, &rest, 10) != 0;
    uint32_t lost = (uint32_t)strtoul(rest, &rest, 10);
    if (ns > rig.now) rig.now = ns;
    keeper_edge(&rig.keeper, input, ns, active, lost);
    rig_tick(&rig, rig.now);
    write_told();
  }
  return 0;
}
