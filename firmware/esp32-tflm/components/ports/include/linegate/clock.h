// Time, so that a test can own it.
// Threads: every method from every task and from interrupts; none waits.
#pragma once

#include <stdint.h>

namespace linegate {

enum class WallState { kUnsynced, kSynced };

class Clock {
 public:
  // Since boot, in ns, never going back: the clock of triggers, frames and the gate. Below 2^53 (104 days are exact in
  // JSON).
  virtual int64_t NowNs() = 0;
  // Since 1970, in ms; may jump. Before the network has told the time it counts from 0 at boot.
  virtual int64_t WallMs() = 0;
  virtual WallState Wall() = 0;

 protected:
  ~Clock() = default;
};

}  // namespace linegate
