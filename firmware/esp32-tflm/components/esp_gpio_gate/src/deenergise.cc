#include "linegate/esp/deenergise.h"

#include "driver/gpio.h"
#include "esp_attr.h"
#include "esp_system.h"

namespace linegate::esp {
namespace {

// In internal memory: a panic may come with the cache off. Nothing to do before it is armed.
DRAM_ATTR OutputPin gate_pin = {kNoPin, true};
DRAM_ATTR OutputPin ready_pin = {kNoPin, true};

IRAM_ATTR void Fall(const OutputPin& pin) {
  if (pin.gpio != kNoPin) gpio_set_level(static_cast<gpio_num_t>(pin.gpio), pin.active_high ? 0 : 1);
}

// The level comes before the direction, so that the pin never shows the other one. Not gpio_reset_pin, which pulls it
// up.
void MakeOutput(const OutputPin& pin) {
  if (pin.gpio == kNoPin) return;
  Fall(pin);
  gpio_config_t config = {};
  config.pin_bit_mask = UINT64_C(1) << pin.gpio;
  config.mode = GPIO_MODE_OUTPUT;
  config.pull_up_en = pin.active_high ? GPIO_PULLUP_DISABLE : GPIO_PULLUP_ENABLE;
  config.pull_down_en = pin.active_high ? GPIO_PULLDOWN_ENABLE : GPIO_PULLDOWN_DISABLE;
  config.intr_type = GPIO_INTR_DISABLE;
  gpio_config(&config);
  Fall(pin);
}

}  // namespace

void ArmDeenergise(const OutputPin& gate, const OutputPin& ready) {
  gate_pin = gate;
  ready_pin = ready;
  MakeOutput(gate);
  MakeOutput(ready);
  // Called again it is refused, which does no harm.
  static_cast<void>(esp_register_shutdown_handler(Deenergise));
}

IRAM_ATTR void Deenergise() {
  Fall(gate_pin);
  Fall(ready_pin);
}

}  // namespace linegate::esp

// The linker puts OnPanic in the place of ESP-IDF's handler (--wrap), by these names.
extern "C" void EspIdfPanic(void* info) __asm__("__real_esp_panic_handler");
extern "C" void OnPanic(void* info) __asm__("__wrap_esp_panic_handler");

IRAM_ATTR void OnPanic(void* info) {
  linegate::esp::Deenergise();
  EspIdfPanic(info);
}
