// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"

typedef uint32_t nvs_handle_t;
typedef enum { NVS_READONLY, NVS_READWRITE } nvs_open_mode_t;
extern "C" esp_err_t nvs_open(const char* namespace_name, nvs_open_mode_t open_mode, nvs_handle_t* out_handle);
extern "C" esp_err_t nvs_get_blob(nvs_handle_t handle, const char* key, void* out_value, size_t* length);
extern "C" esp_err_t nvs_set_blob(nvs_handle_t handle, const char* key, const void* value, size_t length);
extern "C" esp_err_t nvs_get_u64(nvs_handle_t handle, const char* key, uint64_t* out_value);
extern "C" esp_err_t nvs_set_u64(nvs_handle_t handle, const char* key, uint64_t value);
extern "C" esp_err_t nvs_commit(nvs_handle_t handle);
extern "C" void nvs_close(nvs_handle_t handle);
