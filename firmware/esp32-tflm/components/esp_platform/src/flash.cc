#include "linegate/esp/flash.h"

namespace linegate::esp {
namespace {

constexpr uint32_t kSectorBytes = 4096;

Status Of(esp_err_t result) { return result == ESP_OK ? Status::kOk : Status::kDeviceFault; }

}  // namespace

Status EspFlash::Open(const char* label) {
  partition_ = esp_partition_find_first(ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_ANY, label);
  if (partition_ == nullptr || partition_->size % kSectorBytes != 0) return Status::kBadConfig;
  return partition_->erase_size == kSectorBytes ? Status::kOk : Status::kBadConfig;
}

FlashGeometry EspFlash::Geometry() {
  return {kSectorBytes, partition_ == nullptr ? 0 : partition_->size / kSectorBytes};
}

bool EspFlash::Holds(uint32_t offset, size_t size_bytes) const {
  return partition_ != nullptr && offset <= partition_->size && size_bytes <= partition_->size - offset;
}

Status EspFlash::Read(uint32_t offset, void* target, size_t size_bytes) {
  if (!Holds(offset, size_bytes)) return Status::kIllegalInput;
  return Of(esp_partition_read(partition_, offset, target, size_bytes));
}

Status EspFlash::Program(uint32_t offset, const void* source, size_t size_bytes) {
  if (!Holds(offset, size_bytes)) return Status::kIllegalInput;
  return Of(esp_partition_write(partition_, offset, source, size_bytes));
}

Status EspFlash::Erase(uint32_t sector) {
  if (sector >= Geometry().sector_count) return Status::kIllegalInput;
  return Of(esp_partition_erase_range(partition_, sector * kSectorBytes, kSectorBytes));
}

}  // namespace linegate::esp
