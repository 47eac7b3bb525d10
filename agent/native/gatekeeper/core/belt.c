#include "state.h"

bool is_encoder_based(const struct keeper *k) { return k->conf.gate.base == TRACK_BASE_ENCODER; }

int64_t belt_now(const struct keeper *k) { return is_encoder_based(k) ? k->encoder.high_counts : k->now_ns; }

bool is_part_open(const struct keeper *k) {
  for (uint32_t g = 0; g < k->gate_count; g++) {
    if (k->gates[g].track.oldest < k->gates[g].track.next) return true;
  }
  return false;
}
