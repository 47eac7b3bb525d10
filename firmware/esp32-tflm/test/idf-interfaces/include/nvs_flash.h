// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"

extern "C" esp_err_t nvs_flash_init(void);
extern "C" esp_err_t nvs_flash_erase(void);
