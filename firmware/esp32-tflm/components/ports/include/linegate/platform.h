// The board itself.
// Threads: every method from every task, none from interrupts.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// Why the board started this time.
enum class ResetReason : uint8_t { kPowerOn, kBrownOut, kWatchdog, kPanic, kSoftware, kUpdate, kUnknown };

class Platform {
 public:
  virtual ResetReason Reset() = 0;
  // From a hardware source of noise.
  virtual uint32_t Random() = 0;
  // The calling task lives; the watchdog restarts the board when it does not say so for its time.
  virtual void FeedWatchdog() = 0;
  // Lets the calling task rest, so that others run.
  virtual void SleepMs(uint32_t duration_ms) = 0;
  // This firmware has shown that it works: an update is kept. Without it the next boot goes back to the firmware
  // before.
  virtual Status ConfirmUpdate() = 0;
  // De-energises and starts again; does not return on a board.
  virtual void Restart() = 0;

 protected:
  ~Platform() = default;
};

}  // namespace linegate
