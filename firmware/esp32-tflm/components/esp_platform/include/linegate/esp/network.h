// The board as a station of a Wi-Fi, with the time from the network.
// Threads: Open from the start-up task; IsUp from every task. Wi-Fi runs in tasks of its own.
#pragma once

#include <atomic>

#include "esp_event_base.h"
#include "linegate/settings.h"
#include "linegate/status.h"

namespace linegate::esp {

class EspNetwork {
 public:
  // Begins to connect, and connects again for ever whenever the connection ends; waits for nothing. kBadConfig: no
  // network was told; kNoSpace, kDeviceFault: Wi-Fi does not start. The settings may go afterwards.
  Status Open(const Settings& settings);
  // There is an address.
  bool IsUp() const { return up_.load(); }

 private:
  static void OnEvent(void* self, esp_event_base_t base, int32_t id, void* data);
  Status StartWifi(const Settings& settings);
  static void StartTime(const char* host);

  std::atomic<bool> up_{false};
};

}  // namespace linegate::esp
