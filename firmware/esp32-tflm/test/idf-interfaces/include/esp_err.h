// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef int esp_err_t;
enum {
  ESP_OK = 0,
  ESP_FAIL = -1,
  ESP_ERR_NO_MEM = 0x101,
  ESP_ERR_INVALID_ARG = 0x102,
  ESP_ERR_INVALID_STATE = 0x103,
  ESP_ERR_NOT_FOUND = 0x105,
  ESP_ERR_INVALID_VERSION = 0x10A,
  ESP_ERR_NVS_NOT_FOUND = 0x1102,
  ESP_ERR_NVS_NO_FREE_PAGES = 0x110D,
  ESP_ERR_NVS_NEW_VERSION_FOUND = 0x1110,
  ESP_ERR_OTA_VALIDATE_FAILED = 0x1503,
  ESP_ERR_FLASH_OP_FAIL = 0x6001,
  ESP_ERR_FLASH_OP_TIMEOUT = 0x6002
};
