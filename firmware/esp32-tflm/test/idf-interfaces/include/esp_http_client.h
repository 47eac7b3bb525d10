// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"

typedef struct {
  const char* url;
  const char* cert_pem;
  int timeout_ms;
  bool keep_alive_enable;
} esp_http_client_config_t;
