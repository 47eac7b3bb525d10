// What the firmware uses of FreeRTOS, as ESP-IDF has it, declared anew: names, signatures and the fields that are used.
#pragma once

#include "freertos/FreeRTOS.h"

typedef struct tskTaskControlBlock* TaskHandle_t;
typedef void (*TaskFunction_t)(void*);
extern "C" BaseType_t xTaskCreate(TaskFunction_t code, const char* name, uint32_t stack_bytes, void* parameters,
                                  UBaseType_t priority, TaskHandle_t* created);
extern "C" BaseType_t xTaskCreatePinnedToCore(TaskFunction_t code, const char* name, uint32_t stack_bytes,
                                              void* parameters, UBaseType_t priority, TaskHandle_t* created,
                                              BaseType_t core);
extern "C" void vTaskDelay(TickType_t ticks);
extern "C" void vTaskDelete(TaskHandle_t task);
