// The port Gate on one GPTimer of 1 MHz. The timer's alarm is an interrupt of level 3 that runs with the cache off.
// Threads: as the port says. One instance.
#pragma once

#include <stdint.h>

#include "driver/gptimer_types.h"
#include "linegate/esp/pins.h"
#include "linegate/gate.h"

namespace linegate::esp {

class EspGate final : public Gate {
 public:
  EspGate(const OutputPin& gate, const OutputPin& ready) : gate_(gate), ready_(ready) {}

  Status Open(GateListener* listener) override;
  void Drive(bool active) override;
  void WakeAt(int64_t at_ns) override;
  void Ready(bool on) override;
  void Close() override;

 private:
  static bool OnAlarm(gptimer_handle_t timer, const gptimer_alarm_event_data_t* event, void* self);
  Status TakeTimer();

  OutputPin gate_;
  OutputPin ready_;
  GateListener* listener_ = nullptr;
  gptimer_handle_t timer_ = nullptr;
};

}  // namespace linegate::esp
