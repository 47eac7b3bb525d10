// What the firmware uses of FreeRTOS, as ESP-IDF has it, declared anew: names, signatures and the fields that are used.
#pragma once

#include "freertos/FreeRTOS.h"

typedef QueueHandle_t SemaphoreHandle_t;
// Macros in FreeRTOS; used as functions.
extern "C" SemaphoreHandle_t xSemaphoreCreateMutex(void);
extern "C" SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t* memory);
extern "C" SemaphoreHandle_t xSemaphoreCreateBinary(void);
extern "C" BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);
extern "C" BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);
