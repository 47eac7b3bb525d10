// The port PartReserve in the partition nvs, which EspSettingsStore opens.
// Threads: as the port says. One instance.
#pragma once

#include "linegate/part_reserve.h"

namespace linegate::esp {

class EspPartReserve final : public PartReserve {
 public:
  Status Read(uint64_t* up_to) override;
  Status Write(uint64_t up_to) override;
};

}  // namespace linegate::esp
