#include "linegate/esp/gate.h"

#include "driver/gpio.h"
#include "driver/gptimer.h"
#include "esp_attr.h"
#include "esp_timer.h"
#include "linegate/esp/deenergise.h"

namespace linegate::esp {
namespace {

constexpr uint32_t kTicksPerSecond = 1000000;
constexpr int64_t kNsPerTick = 1000;
// The counter goes on while an alarm is set; one that were past by then would not come before the counter wraps.
constexpr int64_t kSoonestTicks = 5;
// An alarm is set anew before so long: the listener is woken in vain once an hour, and no sum can overflow.
constexpr int64_t kLatestTicks = INT64_C(3600) * kTicksPerSecond;
constexpr int kInterruptPriority = 3;

IRAM_ATTR void Write(const OutputPin& pin, bool active) {
  gpio_set_level(static_cast<gpio_num_t>(pin.gpio), active == pin.active_high ? 1 : 0);
}

bool IsOutput(const OutputPin& pin) { return pin.gpio >= 0 && GPIO_IS_VALID_OUTPUT_GPIO(pin.gpio); }

}  // namespace

Status EspGate::Open(GateListener* listener) {
  if (!IsOutput(gate_) || !IsOutput(ready_) || gate_.gpio == ready_.gpio) return Status::kBadConfig;
  ArmDeenergise(gate_, ready_);
  if (listener == nullptr || timer_ != nullptr) return Status::kIllegalInput;
  listener_ = listener;
  const Status status = TakeTimer();
  if (status != Status::kOk) Close();
  return status;
}

Status EspGate::TakeTimer() {
  gptimer_config_t config = {};
  config.clk_src = GPTIMER_CLK_SRC_DEFAULT;
  config.direction = GPTIMER_COUNT_UP;
  config.resolution_hz = kTicksPerSecond;
  config.intr_priority = kInterruptPriority;
  if (gptimer_new_timer(&config, &timer_) != ESP_OK) {
    timer_ = nullptr;
    return Status::kUnavailable;
  }
  gptimer_event_callbacks_t callbacks = {};
  callbacks.on_alarm = OnAlarm;
  const bool runs = gptimer_register_event_callbacks(timer_, &callbacks, this) == ESP_OK &&
                    gptimer_enable(timer_) == ESP_OK && gptimer_start(timer_) == ESP_OK;
  return runs ? Status::kOk : Status::kDeviceFault;
}

IRAM_ATTR void EspGate::Drive(bool active) { Write(gate_, active); }

IRAM_ATTR void EspGate::Ready(bool on) { Write(ready_, on); }

// From the clock of the port to the timer's counter by their distance at this moment, so that neither needs to have
// begun with the other.
IRAM_ATTR void EspGate::WakeAt(int64_t at_ns) {
  if (timer_ == nullptr) return;
  if (at_ns == INT64_MAX) {
    gptimer_set_alarm_action(timer_, nullptr);
    return;
  }
  uint64_t count = 0;
  gptimer_get_raw_count(timer_, &count);
  // Rounded up: a timer that is early would be set a second time.
  int64_t ticks = at_ns / kNsPerTick + (at_ns % kNsPerTick > 0 ? 1 : 0) - esp_timer_get_time();
  if (ticks < kSoonestTicks) ticks = kSoonestTicks;
  if (ticks > kLatestTicks) ticks = kLatestTicks;
  gptimer_alarm_config_t alarm = {};
  alarm.alarm_count = count + static_cast<uint64_t>(ticks);
  gptimer_set_alarm_action(timer_, &alarm);
}

IRAM_ATTR bool EspGate::OnAlarm(gptimer_handle_t timer, const gptimer_alarm_event_data_t* event, void* self) {
  static_cast<void>(timer);
  static_cast<void>(event);
  static_cast<EspGate*>(self)->listener_->OnWake();
  // No task was woken.
  return false;
}

void EspGate::Close() {
  Deenergise();
  if (timer_ == nullptr) return;
  // Each is refused where it was not begun, and the next one then does what is left to do.
  static_cast<void>(gptimer_stop(timer_));
  static_cast<void>(gptimer_disable(timer_));
  static_cast<void>(gptimer_del_timer(timer_));
  timer_ = nullptr;
}

}  // namespace linegate::esp
