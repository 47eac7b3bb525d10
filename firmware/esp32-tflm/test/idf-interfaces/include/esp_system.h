// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"

typedef enum {
  ESP_RST_UNKNOWN,
  ESP_RST_POWERON,
  ESP_RST_EXT,
  ESP_RST_SW,
  ESP_RST_PANIC,
  ESP_RST_INT_WDT,
  ESP_RST_TASK_WDT,
  ESP_RST_WDT,
  ESP_RST_DEEPSLEEP,
  ESP_RST_BROWNOUT
} esp_reset_reason_t;
typedef void (*shutdown_handler_t)(void);
extern "C" esp_err_t esp_register_shutdown_handler(shutdown_handler_t handle);
extern "C" void esp_restart(void) __attribute__((__noreturn__));
extern "C" esp_reset_reason_t esp_reset_reason(void);
