#include "linegate/esp/part_reserve.h"

#include "nvs.h"

namespace linegate::esp {
namespace {

constexpr char kNamespace[] = "linegate";
constexpr char kKey[] = "parts";

}  // namespace

Status EspPartReserve::Read(uint64_t* up_to) {
  *up_to = 0;
  nvs_handle_t handle = 0;
  const esp_err_t opened = nvs_open(kNamespace, NVS_READONLY, &handle);
  if (opened == ESP_ERR_NVS_NOT_FOUND) return Status::kOk;
  if (opened != ESP_OK) return Status::kDeviceFault;
  const esp_err_t result = nvs_get_u64(handle, kKey, up_to);
  nvs_close(handle);
  return result == ESP_OK || result == ESP_ERR_NVS_NOT_FOUND ? Status::kOk : Status::kDeviceFault;
}

// The old mark stays until the new one is written.
Status EspPartReserve::Write(uint64_t up_to) {
  nvs_handle_t handle = 0;
  if (nvs_open(kNamespace, NVS_READWRITE, &handle) != ESP_OK) return Status::kDeviceFault;
  const bool kept = nvs_set_u64(handle, kKey, up_to) == ESP_OK && nvs_commit(handle) == ESP_OK;
  nvs_close(handle);
  return kept ? Status::kOk : Status::kDeviceFault;
}

}  // namespace linegate::esp
