// The port Platform: why the board started, both watchdogs, and whether an update stays.
// Threads: as the port says. One instance.
#pragma once

#include "linegate/platform.h"

namespace linegate::esp {

class EspPlatform final : public Platform {
 public:
  // A task that does not feed for so long restarts the board with the task watchdog; where that fails, the watchdog of
  // the real-time clock does so, which no program can hold up.
  static constexpr uint32_t kTaskLimitMs = 5000;
  static constexpr uint32_t kBoardLimitMs = 15000;

  // Starts both watchdogs. kDeviceFault: one does not start, and the board must not run without.
  Status Open();

  // Feeds the real-time clock's watchdog alone, for a task that may wait for longer than the task watchdog allows.
  static void FeedBoard();

  ResetReason Reset() override;
  uint32_t Random() override;
  // A task is watched from its first call on.
  void FeedWatchdog() override;
  void SleepMs(uint32_t duration_ms) override;
  Status ConfirmUpdate() override;
  void Restart() override;
};

}  // namespace linegate::esp
