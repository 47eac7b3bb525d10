// The tasks of a board: one for the station, one for its uplink.
// Threads: Start from the start-up task, Halt from the console's. One instance.
#pragma once

#include <atomic>

#include "linegate/core/station.h"
#include "linegate/platform.h"
#include "linegate/uplink.h"

namespace linegate::esp {

class StationApp {
 public:
  StationApp(Station& station, Uplink& uplink, Platform& platform, Classifier& classifier)
      : station_(station), uplink_(uplink), platform_(platform), classifier_(classifier) {}

  // kNoSpace: no memory for the tasks.
  Status Start();
  // Closes the records and de-energises; waits for that, at most three seconds. `app`: this.
  static void Halt(void* app);

 private:
  static void RunStation(void* app);
  static void RunUplink(void* app);
  void Inspect();
  void TellSelfTest();
  void TellReady();

  Station& station_;
  Uplink& uplink_;
  Platform& platform_;
  Classifier& classifier_;
  uint8_t told_against_ = 0;
  std::atomic<bool> halt_{false};
  std::atomic<bool> halted_{false};
};

}  // namespace linegate::esp
