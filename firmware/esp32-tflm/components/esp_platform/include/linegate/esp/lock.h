// The ports Guard and Mutex on FreeRTOS.
// Threads: as the ports say.
#pragma once

#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "linegate/guard.h"
#include "linegate/mutex.h"

namespace linegate::esp {

// A spinlock with interrupts off.
class EspGuard final : public Guard {
 public:
  void Lock() override;
  void Unlock() override;

 private:
  portMUX_TYPE mux_ = portMUX_INITIALIZER_UNLOCKED;
};

class EspMutex final : public Mutex {
 public:
  void Lock() override;
  void Unlock() override;

 private:
  StaticSemaphore_t memory_ = {};
  SemaphoreHandle_t handle_ = xSemaphoreCreateMutexStatic(&memory_);
};

}  // namespace linegate::esp
