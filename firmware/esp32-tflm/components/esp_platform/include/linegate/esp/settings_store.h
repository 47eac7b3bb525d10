// The port SettingsStore in the partition nvs, in clear.
// Threads: as the port says. One instance.
#pragma once

#include "linegate/settings.h"

namespace linegate::esp {

class EspSettingsStore final : public SettingsStore {
 public:
  // Finds the partition; one that another version wrote is erased. Before Wi-Fi, which keeps its calibration there.
  Status Open();

  Status Load(Settings* settings) override;
  Status Save(const Settings& settings) override;
};

}  // namespace linegate::esp
