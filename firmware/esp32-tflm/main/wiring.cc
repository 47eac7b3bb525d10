#include "wiring.h"

#include <stdio.h>

#include "esp_attr.h"
#include "linegate/esp/board.h"
#include "linegate/esp/report.h"

namespace linegate::esp {

namespace memory {
alignas(16) EXT_RAM_BSS_ATTR uint8_t arena[kArenaBytes];
alignas(16) EXT_RAM_BSS_ATTR uint8_t tensor[model::kInputBytes];
alignas(16) EXT_RAM_BSS_ATTR uint8_t workspace[kWorkspaceBytes];
}  // namespace memory

namespace {

constexpr int64_t kNsPerUs = 1000;
// A camera of 15 frames a second has one within so much of every trigger.
constexpr int64_t kFrameWindowNs = 40000000;

// Parts are not confirmed: the settings have no times for that.
struct track_calibration CalibrationOf(const Settings& settings) {
  struct track_calibration calibration = {};
  calibration.base = TRACK_BASE_TIME;
  calibration.fail_safe = static_cast<uint8_t>(settings.fail_safe);
  calibration.too_close = static_cast<uint8_t>(settings.too_close);
  calibration.confirm = TRACK_CONFIRM_NONE;
  calibration.delay_ns = settings.delay_us * kNsPerUs;
  calibration.width_ns = settings.width_us * kNsPerUs;
  calibration.recovery_ns = settings.recovery_us * kNsPerUs;
  calibration.lead_ns = settings.lead_us * kNsPerUs;
  calibration.trigger_dead_ns = settings.trigger_dead_us * kNsPerUs;
  calibration.first_part = 1;
  return calibration;
}

// Null where it was never told.
const char* Told(const char* text) { return *text == '\0' ? nullptr : text; }

bool Failed(const char* what, Status status) {
  if (status != Status::kOk) ReportFault(what, status);
  return status != Status::kOk;
}

}  // namespace

Names::Names(Platform& platform) {
  for (int i = 0; i < 4; i++) {
    (void)snprintf(boot_id + 8 * i, sizeof boot_id - static_cast<size_t>(8 * i), "%08lx",
                   static_cast<unsigned long>(platform.Random()));
  }
  (void)snprintf(recipe, sizeof recipe, "%s@%d", model::kName, model::kVersion);
}

void TellBoot(const char* version, ResetReason reset) {
  ReportBoot(version, kBoard.name, reset, model::kName, model::kSha256);
  if (reset == ResetReason::kBrownOut) ReportFault("brown-out", Status::kDeviceFault);
}

StationConfig ConfigOf(const Settings& settings, const DecisionRule& rule, const GoldenSet& golden,
                       const Names& names) {
  return {CalibrationOf(settings), rule, golden, names.recipe, kFrameWindowNs, names.boot_id};
}

UplinkFacts FactsOf(const Settings& settings, const char* version, const Names& names) {
  return {
      settings.station, Told(settings.mqtt_user), Told(settings.mqtt_password), names.boot_id, version, names.recipe,
      model::kSha256};
}

void Boot(const BootParts& parts) {
  if (Failed("line", parts.line.Open())) return;
  (void)Failed("console", parts.console.Open(StationApp::Halt, &parts.app));
  size_t at = 0;
  if (MissingSetting(parts.settings, &at) != nullptr) {
    ReportFault("settings", Status::kBadConfig);
    return;
  }
  (void)Failed("flash", parts.flash.Open("ring"));
  (void)Failed("network", parts.network.Open(parts.settings));
  (void)Failed("tasks", parts.app.Start());
}

}  // namespace linegate::esp
