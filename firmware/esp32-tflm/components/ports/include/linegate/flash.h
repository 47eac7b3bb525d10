// A partition of NOR flash: erasing sets all bits of a sector, programming clears bits, and a power cut may leave
// either of them done in part. Threads: not thread-safe; whoever owns it serialises. Every method waits for the chip:
// read us, program about 1 ms a page, erase 20 to 400 ms a sector.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

struct FlashGeometry {
  uint32_t sector_bytes;
  uint32_t sector_count;
};

class Flash {
 public:
  virtual FlashGeometry Geometry() = 0;
  // kDeviceFault: the chip; kIllegalInput: outside the partition. Both for all three.
  virtual Status Read(uint32_t offset, void* target, size_t size_bytes) = 0;
  // Any offset and size; bits go from 1 to 0 only.
  virtual Status Program(uint32_t offset, const void* source, size_t size_bytes) = 0;
  virtual Status Erase(uint32_t sector) = 0;

 protected:
  ~Flash() = default;
};

}  // namespace linegate
