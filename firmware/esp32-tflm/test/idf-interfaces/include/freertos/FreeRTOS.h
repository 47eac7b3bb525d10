// What the firmware uses of FreeRTOS, as ESP-IDF has it, declared anew: names, signatures and the fields that are used.
#pragma once

#include <stdint.h>

typedef uint32_t TickType_t;
typedef int BaseType_t;
typedef unsigned int UBaseType_t;
typedef struct QueueDefinition* QueueHandle_t;
typedef struct {
  uint32_t owner;
  uint32_t count;
} portMUX_TYPE;
typedef struct {
  void* words[20];
} StaticSemaphore_t;
inline constexpr TickType_t portMAX_DELAY = UINT32_MAX;
inline constexpr BaseType_t pdTRUE = 1;
inline constexpr BaseType_t pdPASS = 1;
inline constexpr TickType_t pdMS_TO_TICKS(uint32_t ms) { return ms / 10; }
#define portMUX_INITIALIZER_UNLOCKED {0xB33FFFFF, 0}
extern "C" void portENTER_CRITICAL_SAFE(portMUX_TYPE* mux);
extern "C" void portEXIT_CRITICAL_SAFE(portMUX_TYPE* mux);
