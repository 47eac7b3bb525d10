#include "linegate/esp/console.h"

#include <stdio.h>

#include "driver/uart.h"
#include "esp_system.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "linegate/esp/deenergise.h"
#include "linegate/esp/platform.h"
#include "linegate/esp/report.h"
#include "linegate/esp/update.h"
#include "sdkconfig.h"

#if defined(CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG)
#include "driver/usb_serial_jtag.h"
#endif

namespace linegate::esp {
namespace {

// TLS of an update runs on it.
constexpr uint32_t kStackBytes = 8192;
// Below the station's: nobody waits for an answer.
constexpr UBaseType_t kPriority = 3;
// A line of certificates comes faster than it is taken.
constexpr int kReceiveBytes = 4096;
constexpr uint32_t kWaitMs = 1000;

#if defined(CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG)

bool OpenPort() {
  usb_serial_jtag_driver_config_t config = {};
  config.rx_buffer_size = kReceiveBytes;
  config.tx_buffer_size = kReceiveBytes;
  return usb_serial_jtag_driver_install(&config) == ESP_OK;
}

bool TakeFromPort(char* byte) { return usb_serial_jtag_read_bytes(byte, 1, pdMS_TO_TICKS(kWaitMs)) == 1; }

#else

constexpr uart_port_t kPort = UART_NUM_0;

bool OpenPort() { return uart_driver_install(kPort, kReceiveBytes, 0, 0, nullptr, 0) == ESP_OK; }

bool TakeFromPort(char* byte) { return uart_read_bytes(kPort, byte, 1, pdMS_TO_TICKS(kWaitMs)) == 1; }

#endif

}  // namespace

Status EspConsole::Open(void (*before_restart)(void* context), void* context) {
  before_restart_ = before_restart;
  context_ = context;
  provisioning_.Open();
  if (!OpenPort()) return Status::kDeviceFault;
  return xTaskCreate(Run, "console", kStackBytes, this, kPriority, nullptr) == pdPASS ? Status::kOk : Status::kNoSpace;
}

void EspConsole::Run(void* self) {
  auto* const console = static_cast<EspConsole*>(self);
  while (true) {
    char byte = '\0';
    if (TakeFromPort(&byte)) console->TakeByte(byte);
    // A board that was told nothing yet runs no other task of ours; tasks that hang are the task watchdog's.
    EspPlatform::FeedBoard();
  }
}

void EspConsole::TakeByte(char byte) {
  if (byte == '\r') return;
  if (byte != '\n') {
    too_long_ = too_long_ || used_ == sizeof line_;
    if (!too_long_) line_[used_++] = byte;
    return;
  }
  if (too_long_) used_ = 0;
  too_long_ = false;
  // An empty line is what a terminal sends; nobody waits for its answer.
  if (used_ > 0) TakeLine();
  used_ = 0;
}

void EspConsole::TakeLine() {
  provisioning_.Take(line_, used_, reply_, sizeof reply_);
  printf("%s\n", reply_);
  switch (provisioning_.TakeWish()) {
    case Wish::kNone: return;
    case Wish::kUpdate: Update(); return;
    case Wish::kRestart: break;
  }
  before_restart_(context_);
  Deenergise();
  esp_restart();
}

// The station stands still meanwhile: flash writes would take the processor from it, part by part.
void EspConsole::Update() {
  static Settings settings;
  if (store_->Load(&settings) != Status::kOk) return ReportFault("update", Status::kBadConfig);
  before_restart_(context_);
  Deenergise();
  ReportFault("update", FetchUpdate(settings));
  // Whether it came or not: the line does not go on by itself in a state that nobody tested.
  esp_restart();
}

}  // namespace linegate::esp
