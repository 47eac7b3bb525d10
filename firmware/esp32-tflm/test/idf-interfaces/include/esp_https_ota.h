// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_http_client.h"

typedef struct {
  const esp_http_client_config_t* http_config;
} esp_https_ota_config_t;
extern "C" esp_err_t esp_https_ota(const esp_https_ota_config_t* ota_config);
