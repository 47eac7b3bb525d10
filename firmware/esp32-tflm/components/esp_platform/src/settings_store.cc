#include "linegate/esp/settings_store.h"

#include "nvs.h"
#include "nvs_flash.h"

namespace linegate::esp {
namespace {

constexpr char kNamespace[] = "linegate";
constexpr char kKey[] = "settings";

}  // namespace

Status EspSettingsStore::Open() {
  esp_err_t result = nvs_flash_init();
  if (result == ESP_ERR_NVS_NO_FREE_PAGES || result == ESP_ERR_NVS_NEW_VERSION_FOUND) {
    if (nvs_flash_erase() != ESP_OK) return Status::kDeviceFault;
    result = nvs_flash_init();
  }
  return result == ESP_OK ? Status::kOk : Status::kDeviceFault;
}

Status EspSettingsStore::Load(Settings* settings) {
  nvs_handle_t handle = 0;
  if (nvs_open(kNamespace, NVS_READONLY, &handle) != ESP_OK) return Status::kNotFound;
  size_t size_bytes = sizeof *settings;
  const esp_err_t result = nvs_get_blob(handle, kKey, settings, &size_bytes);
  nvs_close(handle);
  if (result == ESP_ERR_NVS_NOT_FOUND) return Status::kNotFound;
  const bool whole = result == ESP_OK && size_bytes == sizeof *settings && settings->layout == kSettingsLayout;
  return whole ? Status::kOk : Status::kCorrupt;
}

// The old ones stay until the new ones are written.
Status EspSettingsStore::Save(const Settings& settings) {
  nvs_handle_t handle = 0;
  if (nvs_open(kNamespace, NVS_READWRITE, &handle) != ESP_OK) return Status::kDeviceFault;
  const bool kept = nvs_set_blob(handle, kKey, &settings, sizeof settings) == ESP_OK && nvs_commit(handle) == ESP_OK;
  nvs_close(handle);
  return kept ? Status::kOk : Status::kDeviceFault;
}

}  // namespace linegate::esp
