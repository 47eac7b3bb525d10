// A mark above all part numbers that were given out, apart from the rows, so that it holds while no row can be written.
// Threads: the station task alone. Write waits for the flash.
#pragma once

#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

class PartReserve {
 public:
  // 0 where nothing was ever written. kDeviceFault: it cannot be read.
  virtual Status Read(uint64_t* up_to) = 0;
  // Durable when it returns kOk; after a power cut meanwhile it is the old mark or the new one.
  virtual Status Write(uint64_t up_to) = 0;

 protected:
  ~PartReserve() = default;
};

}  // namespace linegate
