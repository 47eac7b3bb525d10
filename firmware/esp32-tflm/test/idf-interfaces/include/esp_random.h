// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include <stdint.h>
extern "C" uint32_t esp_random(void);
