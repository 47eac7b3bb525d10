#include "linegate/esp/network.h"

#include <string.h>

#include "esp_event.h"
#include "esp_netif.h"
#include "esp_netif_sntp.h"
#include "esp_wifi.h"

namespace linegate::esp {
namespace {

// What SNTP asks; it keeps the pointer.
char time_host[sizeof(Settings::ntp_host)];

bool Begin(esp_err_t result) {
  // Another part may have begun it before.
  return result == ESP_OK || result == ESP_ERR_INVALID_STATE;
}

}  // namespace

Status EspNetwork::Open(const Settings& settings) {
  if (settings.wifi_ssid[0] == '\0') return Status::kBadConfig;
  if (!Begin(esp_netif_init()) || !Begin(esp_event_loop_create_default())) return Status::kDeviceFault;
  if (esp_netif_create_default_wifi_sta() == nullptr) return Status::kNoSpace;
  StartTime(settings.ntp_host);
  return StartWifi(settings);
}

// Without a host the server that DHCP names is asked, and nobody where it names none: nothing leaves the station but
// what its settings or its network say.
void EspNetwork::StartTime(const char* host) {
  strncpy(time_host, host, sizeof time_host - 1);
  esp_sntp_config_t config = {};
  config.start = true;
  config.server_from_dhcp = time_host[0] == '\0';
  config.renew_servers_after_new_IP = config.server_from_dhcp;
  config.ip_event_to_renew = IP_EVENT_STA_GOT_IP;
  config.num_of_servers = config.server_from_dhcp ? 0 : 1;
  config.servers[0] = config.server_from_dhcp ? nullptr : time_host;
  // Without time rows say so; that is no reason not to inspect.
  static_cast<void>(esp_netif_sntp_init(&config));
}

Status EspNetwork::StartWifi(const Settings& settings) {
  const wifi_init_config_t init = WIFI_INIT_CONFIG_DEFAULT();
  if (esp_wifi_init(&init) != ESP_OK) return Status::kNoSpace;
  wifi_config_t config = {};
  // Both may be filled to the last byte, without a zero.
  memcpy(config.sta.ssid, settings.wifi_ssid, strlen(settings.wifi_ssid));
  memcpy(config.sta.password, settings.wifi_passphrase, strlen(settings.wifi_passphrase));
  // With a passphrase no open network of the same name is taken.
  config.sta.threshold.authmode = settings.wifi_passphrase[0] == '\0' ? WIFI_AUTH_OPEN : WIFI_AUTH_WPA2_PSK;
  const bool heard =
      esp_event_handler_instance_register(WIFI_EVENT, ESP_EVENT_ANY_ID, OnEvent, this, nullptr) == ESP_OK &&
      esp_event_handler_instance_register(IP_EVENT, ESP_EVENT_ANY_ID, OnEvent, this, nullptr) == ESP_OK;
  // The credentials lie in the settings, and nowhere else.
  const bool started = heard && esp_wifi_set_storage(WIFI_STORAGE_RAM) == ESP_OK &&
                       esp_wifi_set_mode(WIFI_MODE_STA) == ESP_OK &&
                       esp_wifi_set_config(WIFI_IF_STA, &config) == ESP_OK && esp_wifi_start() == ESP_OK;
  memset(&config, 0, sizeof config);
  return started ? Status::kOk : Status::kDeviceFault;
}

void EspNetwork::OnEvent(void* self, esp_event_base_t base, int32_t id, void* data) {
  static_cast<void>(data);
  auto* const network = static_cast<EspNetwork*>(self);
  if (base == IP_EVENT) {
    if (id == IP_EVENT_STA_GOT_IP) network->up_.store(true);
    if (id == IP_EVENT_STA_LOST_IP) network->up_.store(false);
    return;
  }
  if (id == WIFI_EVENT_STA_DISCONNECTED) network->up_.store(false);
  // A try takes seconds, so this is no busy loop.
  if (id == WIFI_EVENT_STA_START || id == WIFI_EVENT_STA_DISCONNECTED) static_cast<void>(esp_wifi_connect());
}

}  // namespace linegate::esp
