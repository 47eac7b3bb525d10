// The port Flash on the partition `ring` of the board's flash.
// Threads: as the port says. Erasing and programming turn the cache off for as long; what interrupts then must lie in
// IRAM.
#pragma once

#include "esp_partition.h"
#include "linegate/flash.h"

namespace linegate::esp {

class EspFlash final : public Flash {
 public:
  // kBadConfig: the partition table has no such partition, or it is no whole number of sectors.
  Status Open(const char* label);

  FlashGeometry Geometry() override;
  Status Read(uint32_t offset, void* target, size_t size_bytes) override;
  Status Program(uint32_t offset, const void* source, size_t size_bytes) override;
  Status Erase(uint32_t sector) override;

 private:
  bool Holds(uint32_t offset, size_t size_bytes) const;

  const esp_partition_t* partition_ = nullptr;
};

}  // namespace linegate::esp
