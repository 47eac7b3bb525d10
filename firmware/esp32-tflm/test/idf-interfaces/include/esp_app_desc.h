// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

typedef struct {
  char version[32];
} esp_app_desc_t;
extern "C" const esp_app_desc_t* esp_app_get_description(void);
