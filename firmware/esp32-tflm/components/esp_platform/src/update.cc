#include "linegate/esp/update.h"

#include <string.h>

#include "esp_http_client.h"
#include "esp_https_ota.h"
#include "esp_ota_ops.h"
#include "sdkconfig.h"

namespace linegate::esp {

#if defined(CONFIG_SECURE_SIGNED_ON_UPDATE_NO_SECURE_BOOT) || defined(CONFIG_SECURE_BOOT)

namespace {

constexpr int kNetworkWaitMs = 15000;

Status Of(esp_err_t result) {
  switch (result) {
    case ESP_OK: return Status::kOk;
    case ESP_ERR_OTA_VALIDATE_FAILED:
    case ESP_ERR_INVALID_VERSION: return Status::kCorrupt;
    case ESP_ERR_FLASH_OP_TIMEOUT:
    case ESP_ERR_FLASH_OP_FAIL:
    case ESP_ERR_NO_MEM: return Status::kDeviceFault;
    default: return Status::kUnavailable;
  }
}

}  // namespace

Status FetchUpdate(const Settings& settings) {
  if (strncmp(settings.update_url, "https://", 8) != 0 || settings.mqtt_ca[0] == '\0') return Status::kBadConfig;
  esp_http_client_config_t http = {};
  http.url = settings.update_url;
  // The plant's own certificates, as for the broker.
  http.cert_pem = settings.mqtt_ca;
  http.timeout_ms = kNetworkWaitMs;
  http.keep_alive_enable = true;
  esp_https_ota_config_t config = {};
  config.http_config = &http;
  return Of(esp_https_ota(&config));
}

#else

Status FetchUpdate(const Settings& settings) {
  static_cast<void>(settings);
  return Status::kBadConfig;
}

#endif

}  // namespace linegate::esp
