// What a station is told at its place: network, broker, calibration. Plain data, kept as it is in non-volatile memory.
// Threads: none of its own; a Settings belongs to whoever holds it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// Changes with the layout; what is stored under another one is not taken.
inline constexpr uint32_t kSettingsLayout = 1;

// Texts end in a zero; an empty one was never told.
struct Settings {
  uint32_t layout;
  char station[64];
  char wifi_ssid[33];
  char wifi_passphrase[64];
  char mqtt_host[128];
  char mqtt_user[128];
  char mqtt_password[128];
  // Certificates in PEM that the broker's must descend from; empty: no TLS.
  char mqtt_ca[4096];
  // Where the time comes from; empty: from the server that DHCP names, or from nowhere.
  char ntp_host[128];
  // Where a new firmware lies, https; it is fetched only when somebody at the console says so.
  char update_url[256];
  uint32_t mqtt_port;
  // The calibration, in the words of the agent's calibration.yaml.
  uint32_t delay_us;
  uint32_t width_us;
  uint32_t recovery_us;
  uint32_t lead_us;
  uint32_t trigger_dead_us;
  // 1 eject, 2 pass, 3 stop-line: `enum track_fail_safe`.
  uint32_t fail_safe;
  // 1 eject-neighbour, 2 escape, 3 stop-line: `enum track_too_close`.
  uint32_t too_close;
};

// What a new board has: nothing told, a calibration of zeros, the defaults of the agent for the rest.
void ResetSettings(Settings* settings);

// Sets one by its name (`wifi.ssid`, `gate.delayUs`, ...); numbers are decimal digits. kNotFound: no such name;
// kNoSpace: longer than there is room for; kIllegalInput: not a number of its range, or with a control character. A
// value that is not taken leaves the old one.
Status SetSetting(Settings* settings, const char* name, const char* value, size_t size_bytes);

// Name of the first setting that a station cannot do without and that is not told, starting at `*at`, which moves
// behind it; null when there is none (any more).
const char* MissingSetting(const Settings& settings, size_t* at);

// Where settings outlive a restart. Threads: from the start-up task and the console task, one at a time.
class SettingsStore {
 public:
  // kNotFound: nothing was ever saved; kCorrupt: what is there has another layout.
  virtual Status Load(Settings* settings) = 0;
  virtual Status Save(const Settings& settings) = 0;

 protected:
  ~SettingsStore() = default;
};

}  // namespace linegate
