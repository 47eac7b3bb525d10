// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

typedef struct {
  uint32_t timeout_ms;
  uint32_t idle_core_mask;
  bool trigger_panic;
} esp_task_wdt_config_t;
extern "C" esp_err_t esp_task_wdt_init(const esp_task_wdt_config_t* config);
extern "C" esp_err_t esp_task_wdt_reconfigure(const esp_task_wdt_config_t* config);
extern "C" esp_err_t esp_task_wdt_add(TaskHandle_t task_handle);
extern "C" esp_err_t esp_task_wdt_reset(void);
