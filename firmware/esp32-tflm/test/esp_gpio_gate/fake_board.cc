#include "fake_board.h"

#include "driver/gpio.h"
#include "driver/gptimer.h"
#include "esp_system.h"
#include "esp_timer.h"

struct gptimer_t {
  gptimer_alarm_cb_t on_alarm;
  void* context;
  bool enabled;
  bool started;
};

extern "C" void OnPanic(void* info) __asm__("__wrap_esp_panic_handler");
extern "C" void EspIdfPanic(void* info) __asm__("__real_esp_panic_handler");

namespace linegate::fake {
namespace {

struct Handler {
  gpio_isr_t isr;
  void* argument;
  gpio_int_type_t type;
};

Board board;
Handler handlers[kPins];
gptimer_t timer;

int64_t CountUs() { return board.now_us - board.timer_zero_us; }

void Note(int pin) {
  if (board.change_count < kChanges) board.changes[board.change_count++] = {board.now_us, pin, board.high[pin]};
}

}  // namespace

Board& TheBoard() { return board; }

void Begin() {
  board = Board{};
  board.now_us = 5000000;
  board.timer_zero_us = 1234567;
  // As after reset, where a pull-up of the board may hold an input high.
  for (bool& high : board.high) high = true;
  for (Handler& handler : handlers) handler = {};
  timer = {};
}

void RunTo(int64_t at_us) {
  while (board.alarm_on && timer.started) {
    const int64_t due_us = board.timer_zero_us + static_cast<int64_t>(board.alarm_count) + board.interrupt_late_us;
    if (due_us > at_us) break;
    if (due_us > board.now_us) board.now_us = due_us;
    // The hardware turns an alarm off that has come.
    board.alarm_on = false;
    const gptimer_alarm_event_data_t event = {static_cast<uint64_t>(CountUs()), board.alarm_count};
    static_cast<void>(timer.on_alarm(&timer, &event, timer.context));
  }
  if (at_us > board.now_us) board.now_us = at_us;
}

bool Edge(int pin, bool high) {
  const Handler& handler = handlers[pin];
  board.high[pin] = high;
  if (handler.isr == nullptr || handler.type != (high ? GPIO_INTR_POSEDGE : GPIO_INTR_NEGEDGE)) return false;
  handler.isr(handler.argument);
  return true;
}

int64_t ChangedUs(int pin, bool high, int n) {
  for (int i = 0; i < board.change_count; ++i) {
    const Change& change = board.changes[i];
    if (change.pin == pin && change.high == high && n-- == 0) return change.at_us;
  }
  return -1;
}

void Panic() { OnPanic(nullptr); }

}  // namespace linegate::fake

using linegate::fake::board;
using linegate::fake::handlers;

void EspIdfPanic(void* info) {
  static_cast<void>(info);
  ++board.panics;
  board.gate_high_in_panic = board.high[4];
}

int64_t esp_timer_get_time(void) { return board.now_us; }

esp_err_t esp_register_shutdown_handler(shutdown_handler_t handle) { return handle == nullptr ? ESP_FAIL : ESP_OK; }

esp_err_t gpio_set_level(gpio_num_t gpio_num, uint32_t level) {
  const int pin = gpio_num;
  const bool changes = board.high[pin] != (level != 0);
  board.high[pin] = level != 0;
  if (changes && board.output[pin]) linegate::fake::Note(pin);
  return ESP_OK;
}

esp_err_t gpio_config(const gpio_config_t* pGPIOConfig) {
  const gpio_config_t* const config = pGPIOConfig;
  for (int pin = 0; pin < linegate::fake::kPins; ++pin) {
    if ((config->pin_bit_mask >> pin & 1U) == 0) continue;
    board.output[pin] = config->mode == GPIO_MODE_OUTPUT;
    board.pulled_up[pin] = config->pull_up_en == GPIO_PULLUP_ENABLE;
    handlers[pin].type = config->intr_type;
    if (board.output[pin]) linegate::fake::Note(pin);
  }
  return ESP_OK;
}

esp_err_t gpio_intr_disable(gpio_num_t gpio_num) {
  handlers[gpio_num].type = GPIO_INTR_DISABLE;
  return ESP_OK;
}

esp_err_t gpio_install_isr_service(int intr_alloc_flags) { return intr_alloc_flags == 0 ? ESP_FAIL : ESP_OK; }

esp_err_t gpio_isr_handler_add(gpio_num_t gpio_num, gpio_isr_t isr_handler, void* args) {
  handlers[gpio_num].isr = isr_handler;
  handlers[gpio_num].argument = args;
  return ESP_OK;
}

esp_err_t gpio_isr_handler_remove(gpio_num_t gpio_num) {
  handlers[gpio_num] = {};
  return ESP_OK;
}

esp_err_t gptimer_new_timer(const gptimer_config_t* config, gptimer_handle_t* ret_timer) {
  if (board.no_timer || config->resolution_hz != 1000000) return ESP_ERR_NOT_FOUND;
  ++board.timers;
  *ret_timer = &linegate::fake::timer;
  return ESP_OK;
}

esp_err_t gptimer_del_timer(gptimer_handle_t timer) {
  if (timer->enabled) return ESP_ERR_INVALID_STATE;
  --board.timers;
  return ESP_OK;
}

esp_err_t gptimer_get_raw_count(gptimer_handle_t timer, uint64_t* value) {
  static_cast<void>(timer);
  *value = static_cast<uint64_t>(linegate::fake::CountUs());
  return ESP_OK;
}

esp_err_t gptimer_register_event_callbacks(gptimer_handle_t timer, const gptimer_event_callbacks_t* cbs,
                                           void* user_data) {
  timer->on_alarm = cbs->on_alarm;
  timer->context = user_data;
  return timer->enabled ? ESP_ERR_INVALID_STATE : ESP_OK;
}

esp_err_t gptimer_set_alarm_action(gptimer_handle_t timer, const gptimer_alarm_config_t* config) {
  static_cast<void>(timer);
  board.alarm_on = config != nullptr;
  if (config == nullptr) return ESP_OK;
  board.alarm_count = config->alarm_count;
  ++board.alarms_set;
  return ESP_OK;
}

esp_err_t gptimer_enable(gptimer_handle_t timer) {
  timer->enabled = true;
  return ESP_OK;
}

esp_err_t gptimer_disable(gptimer_handle_t timer) {
  if (timer->started) return ESP_ERR_INVALID_STATE;
  timer->enabled = false;
  return ESP_OK;
}

esp_err_t gptimer_start(gptimer_handle_t timer) {
  if (!timer->enabled) return ESP_ERR_INVALID_STATE;
  timer->started = true;
  return ESP_OK;
}

esp_err_t gptimer_stop(gptimer_handle_t timer) {
  timer->started = false;
  return ESP_OK;
}
