#include "linegate/esp/lock.h"

#include "esp_attr.h"

namespace linegate::esp {

IRAM_ATTR void EspGuard::Lock() { portENTER_CRITICAL_SAFE(&mux_); }

IRAM_ATTR void EspGuard::Unlock() { portEXIT_CRITICAL_SAFE(&mux_); }

void EspMutex::Lock() { xSemaphoreTake(handle_, portMAX_DELAY); }

void EspMutex::Unlock() { xSemaphoreGive(handle_); }

}  // namespace linegate::esp
