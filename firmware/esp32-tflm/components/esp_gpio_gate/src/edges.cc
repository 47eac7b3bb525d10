#include "linegate/esp/edges.h"

#include "driver/gpio.h"
#include "esp_attr.h"
#include "esp_intr_alloc.h"
#include "esp_timer.h"

namespace linegate::esp {

Status EspEdges::Open(EdgeListener* listener) {
  if (listener == nullptr) return Status::kIllegalInput;
  const esp_err_t service = gpio_install_isr_service(ESP_INTR_FLAG_IRAM | ESP_INTR_FLAG_LEVEL3);
  // The camera's driver may have installed it before.
  if (service != ESP_OK && service != ESP_ERR_INVALID_STATE) return Status::kUnavailable;
  if (inputs_[0].pin.gpio == kNoPin) return Status::kBadConfig;
  for (Input& input : inputs_) {
    if (input.pin.gpio == kNoPin) continue;
    const Status status = OpenInput(&input, listener);
    if (status == Status::kOk) continue;
    Close();
    return status;
  }
  return Status::kOk;
}

Status EspEdges::OpenInput(Input* input, EdgeListener* listener) {
  if (!GPIO_IS_VALID_GPIO(input->pin.gpio)) return Status::kBadConfig;
  gpio_config_t config = {};
  config.pin_bit_mask = UINT64_C(1) << input->pin.gpio;
  config.mode = GPIO_MODE_INPUT;
  config.pull_up_en = input->pin.active_high ? GPIO_PULLUP_DISABLE : GPIO_PULLUP_ENABLE;
  config.pull_down_en = input->pin.active_high ? GPIO_PULLDOWN_ENABLE : GPIO_PULLDOWN_DISABLE;
  config.intr_type = input->pin.active_high ? GPIO_INTR_POSEDGE : GPIO_INTR_NEGEDGE;
  if (gpio_config(&config) != ESP_OK) return Status::kBadConfig;
  input->listener = listener;
  const bool added = gpio_isr_handler_add(static_cast<gpio_num_t>(input->pin.gpio), OnInterrupt, input) == ESP_OK;
  return added ? Status::kOk : Status::kDeviceFault;
}

IRAM_ATTR void EspEdges::OnInterrupt(void* input) {
  // First of all: what follows takes time.
  const int64_t at_ns = esp_timer_get_time() * 1000;
  const auto* const source = static_cast<const Input*>(input);
  source->listener->OnEdge(source->edge, at_ns);
}

void EspEdges::Close() {
  for (Input& input : inputs_) {
    if (input.listener == nullptr || !GPIO_IS_VALID_GPIO(input.pin.gpio)) continue;
    const auto gpio = static_cast<gpio_num_t>(input.pin.gpio);
    gpio_intr_disable(gpio);
    gpio_isr_handler_remove(gpio);
    input.listener = nullptr;
  }
}

}  // namespace linegate::esp
