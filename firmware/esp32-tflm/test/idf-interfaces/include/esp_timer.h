// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include <stdint.h>
extern "C" int64_t esp_timer_get_time(void);
