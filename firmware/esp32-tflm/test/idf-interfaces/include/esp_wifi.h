// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"
#include "esp_event_base.h"
#include "esp_netif.h"

typedef enum { WIFI_MODE_NULL = 0, WIFI_MODE_STA } wifi_mode_t;
typedef enum { WIFI_IF_STA = 0 } wifi_interface_t;
typedef enum { WIFI_STORAGE_FLASH, WIFI_STORAGE_RAM } wifi_storage_t;
typedef enum { WIFI_AUTH_OPEN = 0, WIFI_AUTH_WEP, WIFI_AUTH_WPA_PSK, WIFI_AUTH_WPA2_PSK } wifi_auth_mode_t;
enum { WIFI_EVENT_STA_START = 2, WIFI_EVENT_STA_DISCONNECTED = 5 };
typedef struct {
  int8_t rssi;
  wifi_auth_mode_t authmode;
} wifi_scan_threshold_t;
typedef struct {
  uint8_t ssid[32];
  uint8_t password[64];
  wifi_scan_threshold_t threshold;
} wifi_sta_config_t;
typedef union {
  wifi_sta_config_t sta;
} wifi_config_t;
typedef struct {
  int magic;
} wifi_init_config_t;
#define WIFI_INIT_CONFIG_DEFAULT() {0x1F2F3F4F}
extern "C" esp_event_base_t const WIFI_EVENT;
extern "C" esp_netif_t* esp_netif_create_default_wifi_sta(void);
extern "C" esp_err_t esp_wifi_init(const wifi_init_config_t* config);
extern "C" esp_err_t esp_wifi_set_mode(wifi_mode_t mode);
extern "C" esp_err_t esp_wifi_start(void);
extern "C" esp_err_t esp_wifi_connect(void);
extern "C" esp_err_t esp_wifi_set_config(wifi_interface_t interface, wifi_config_t* conf);
extern "C" esp_err_t esp_wifi_set_storage(wifi_storage_t storage);
