// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"
#include "esp_event_base.h"

extern "C" esp_err_t esp_event_loop_create_default(void);
extern "C" esp_err_t esp_event_handler_instance_register(esp_event_base_t event_base, int32_t event_id,
                                                         esp_event_handler_t event_handler, void* event_handler_arg,
                                                         esp_event_handler_instance_t* instance);
