// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include <stdint.h>

typedef enum { WDT_RWDT = 0 } wdt_inst_t;
typedef enum { WDT_STAGE0 = 0 } wdt_stage_t;
typedef enum { WDT_STAGE_ACTION_OFF = 0, WDT_STAGE_ACTION_RESET_RTC = 4 } wdt_stage_action_t;
typedef struct {
  wdt_inst_t inst;
} wdt_hal_context_t;
#define RWDT_HAL_CONTEXT_DEFAULT() {WDT_RWDT}
extern "C" void wdt_hal_config_stage(wdt_hal_context_t* hal, wdt_stage_t stage, uint32_t timeout,
                                     wdt_stage_action_t behavior);
extern "C" void wdt_hal_write_protect_disable(wdt_hal_context_t* hal);
extern "C" void wdt_hal_write_protect_enable(wdt_hal_context_t* hal);
extern "C" void wdt_hal_enable(wdt_hal_context_t* hal);
extern "C" void wdt_hal_feed(wdt_hal_context_t* hal);
