// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "driver/gptimer_types.h"
#include "esp_err.h"

typedef struct {
  gptimer_clock_source_t clk_src;
  gptimer_count_direction_t direction;
  uint32_t resolution_hz;
  int intr_priority;
} gptimer_config_t;
typedef struct {
  gptimer_alarm_cb_t on_alarm;
} gptimer_event_callbacks_t;
typedef struct {
  uint64_t alarm_count;
  uint64_t reload_count;
} gptimer_alarm_config_t;
extern "C" esp_err_t gptimer_new_timer(const gptimer_config_t* config, gptimer_handle_t* ret_timer);
extern "C" esp_err_t gptimer_del_timer(gptimer_handle_t timer);
extern "C" esp_err_t gptimer_get_raw_count(gptimer_handle_t timer, uint64_t* value);
extern "C" esp_err_t gptimer_register_event_callbacks(gptimer_handle_t timer, const gptimer_event_callbacks_t* cbs,
                                                      void* user_data);
extern "C" esp_err_t gptimer_set_alarm_action(gptimer_handle_t timer, const gptimer_alarm_config_t* config);
extern "C" esp_err_t gptimer_enable(gptimer_handle_t timer);
extern "C" esp_err_t gptimer_disable(gptimer_handle_t timer);
extern "C" esp_err_t gptimer_start(gptimer_handle_t timer);
extern "C" esp_err_t gptimer_stop(gptimer_handle_t timer);
