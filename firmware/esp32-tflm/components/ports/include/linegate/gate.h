// The reject actuator with the hardware timer that moves it, and the READY output. Which level is active, and which is
// de-energised, is the implementation's business.
// Threads: Open and Close from the start-up task. Drive, WakeAt and Ready from every task and from interrupts, always
// with the station's Guard held; they neither wait nor allocate, and on the ESP32 lie in IRAM with all that they read
// in DRAM, for flash writes turn the cache off.
#pragma once

#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// Hears the timer. Threads: from the timer's interrupt (on the ESP32 in IRAM), without the Guard.
class GateListener {
 public:
  virtual void OnWake() = 0;

 protected:
  ~GateListener() = default;
};

class Gate {
 public:
  // De-energises gate and READY first of all, then takes the timer. kUnavailable: no timer is free; kBadConfig: no such
  // pin.
  virtual Status Open(GateListener* listener) = 0;
  virtual void Drive(bool active) = 0;
  // One alarm of a hardware timer, at a time of Clock::NowNs or at once when that is past; a new one replaces the last.
  // INT64_MAX: none.
  virtual void WakeAt(int64_t at_ns) = 0;
  virtual void Ready(bool on) = 0;
  // De-energises both and gives the timer back.
  virtual void Close() = 0;

 protected:
  ~Gate() = default;
};

}  // namespace linegate
