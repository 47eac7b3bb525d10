// The port Clock on esp_timer, which is also what stamps frames; wall time comes from SNTP.
// Threads: as the port says.
#pragma once

#include "linegate/clock.h"

namespace linegate::esp {

class EspClock final : public Clock {
 public:
  int64_t NowNs() override;
  int64_t WallMs() override;
  WallState Wall() override;
};

}  // namespace linegate::esp
