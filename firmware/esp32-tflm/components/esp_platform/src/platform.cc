#include "linegate/esp/platform.h"

#include "esp_ota_ops.h"
#include "esp_random.h"
#include "esp_system.h"
#include "esp_task_wdt.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "hal/wdt_hal.h"
#include "linegate/esp/deenergise.h"
#include "soc/rtc.h"

namespace linegate::esp {
namespace {

bool IsOnTrial() {
  esp_ota_img_states_t state = ESP_OTA_IMG_UNDEFINED;
  const esp_partition_t* const running = esp_ota_get_running_partition();
  return esp_ota_get_state_partition(running, &state) == ESP_OK && state == ESP_OTA_IMG_PENDING_VERIFY;
}

// The bootloader has started it already, so that a program that does not come up is caught, too.
void StartRtcWatchdog() {
  wdt_hal_context_t rtc = RWDT_HAL_CONTEXT_DEFAULT();
  const uint64_t ticks = static_cast<uint64_t>(EspPlatform::kBoardLimitMs) * rtc_clk_slow_freq_get_hz() / 1000;
  wdt_hal_write_protect_disable(&rtc);
  wdt_hal_config_stage(&rtc, WDT_STAGE0, static_cast<uint32_t>(ticks), WDT_STAGE_ACTION_RESET_RTC);
  wdt_hal_enable(&rtc);
  wdt_hal_feed(&rtc);
  wdt_hal_write_protect_enable(&rtc);
}

}  // namespace

Status EspPlatform::Open() {
  StartRtcWatchdog();
  esp_task_wdt_config_t config = {};
  config.timeout_ms = kTaskLimitMs;
  // A panic de-energises, and then restarts.
  config.trigger_panic = true;
  // ESP-IDF has started it with the limits of sdkconfig, unless that says not to.
  if (esp_task_wdt_reconfigure(&config) == ESP_OK) return Status::kOk;
  return esp_task_wdt_init(&config) == ESP_OK ? Status::kOk : Status::kDeviceFault;
}

void EspPlatform::FeedBoard() {
  wdt_hal_context_t rtc = RWDT_HAL_CONTEXT_DEFAULT();
  wdt_hal_write_protect_disable(&rtc);
  wdt_hal_feed(&rtc);
  wdt_hal_write_protect_enable(&rtc);
}

ResetReason EspPlatform::Reset() {
  switch (esp_reset_reason()) {
    case ESP_RST_POWERON:
    case ESP_RST_EXT: return ResetReason::kPowerOn;
    case ESP_RST_BROWNOUT: return ResetReason::kBrownOut;
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_WDT: return ResetReason::kWatchdog;
    case ESP_RST_PANIC: return ResetReason::kPanic;
    case ESP_RST_SW: return IsOnTrial() ? ResetReason::kUpdate : ResetReason::kSoftware;
    default: return ResetReason::kUnknown;
  }
}

uint32_t EspPlatform::Random() { return esp_random(); }

void EspPlatform::FeedWatchdog() {
  if (esp_task_wdt_reset() == ESP_ERR_NOT_FOUND) static_cast<void>(esp_task_wdt_add(nullptr));
  FeedBoard();
}

// At least a tick: a shorter one would not let others run.
void EspPlatform::SleepMs(uint32_t duration_ms) {
  const TickType_t ticks = pdMS_TO_TICKS(duration_ms);
  vTaskDelay(ticks > 0 ? ticks : 1);
}

Status EspPlatform::ConfirmUpdate() {
  if (!IsOnTrial()) return Status::kOk;
  return esp_ota_mark_app_valid_cancel_rollback() == ESP_OK ? Status::kOk : Status::kDeviceFault;
}

// A firmware on trial that restarts is not started again: the bootloader takes the one before.
void EspPlatform::Restart() {
  Deenergise();
  esp_restart();
}

}  // namespace linegate::esp
