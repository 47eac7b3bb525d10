#include "station_app.h"

#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "linegate/esp/report.h"

namespace linegate::esp {
namespace {

// The interpreter's kernels take most of it.
constexpr uint32_t kStationStackBytes = 12288;
// TLS takes most of it.
constexpr uint32_t kUplinkStackBytes = 10240;
// Above Wi-Fi's tasks nothing waits for a verdict; below them the uplink has its turn.
constexpr UBaseType_t kStationPriority = 10;
constexpr UBaseType_t kUplinkPriority = 4;
constexpr uint32_t kIdleMs = 5;
constexpr uint32_t kListenMs = 200;
constexpr uint32_t kHaltMs = 3000;

constexpr int64_t kNsPerUs = 1000;

}  // namespace

Status StationApp::Start() {
  TaskHandle_t station = nullptr;
  TaskHandle_t uplink = nullptr;
  const bool made =
      xTaskCreate(RunStation, "station", kStationStackBytes, this, kStationPriority, &station) == pdPASS &&
      xTaskCreate(RunUplink, "uplink", kUplinkStackBytes, this, kUplinkPriority, &uplink) == pdPASS;
  return made ? Status::kOk : Status::kNoSpace;
}

void StationApp::Halt(void* app) {
  auto* self = static_cast<StationApp*>(app);
  self->halt_ = true;
  for (uint32_t ms = 0; ms < kHaltMs && !self->halted_; ms += kIdleMs) self->platform_.SleepMs(kIdleMs);
}

void StationApp::RunStation(void* app) {
  static_cast<StationApp*>(app)->Inspect();
  vTaskDelete(nullptr);
}

void StationApp::Inspect() {
  const Status status = station_.Start();
  TellSelfTest();
  if (status != Status::kOk) {
    ReportFault("line", status);
    // A new firmware that cannot even start gives way to the one before.
    if (platform_.Reset() == ResetReason::kUpdate) platform_.Restart();
    halted_ = true;
    return;
  }
  while (!halt_) {
    const bool more = station_.Step();
    TellReady();
    if (!more) platform_.SleepMs(kIdleMs);
  }
  station_.Stop();
  halted_ = true;
  // The task is watched to the end: whoever asked for it restarts the board.
  while (true) {
    platform_.FeedWatchdog();
    platform_.SleepMs(kIdleMs);
  }
}

void StationApp::TellSelfTest() {
  const SelfTestReport& report = station_.Tested();
  const bool ok = !station_.Book().Stands(Blame::kSelfTest);
  ReportSelfTest(ok, report.passed + report.failed, report.passed, classifier_.ArenaUsedBytes(),
                 report.slowest_ns / kNsPerUs);
  told_against_ = static_cast<uint8_t>(~station_.Book().Against());
}

void StationApp::TellReady() {
  const ReadyBook& book = station_.Book();
  if (book.Against() == told_against_) return;
  told_against_ = book.Against();
  ReportReady(book.Ready(), book.Why());
}

// Not under the task watchdog: a slow broker may take up to 50 s of a turn (uplink.h). Were it to stop with the store's
// mutex, the station's task would wait for that, and is watched.
void StationApp::RunUplink(void* app) {
  auto* self = static_cast<StationApp*>(app);
  // The station's Start opens the store; until then there is nothing to send.
  Status status = Status::kUnavailable;
  while (!self->halt_ && status != Status::kOk) {
    status = self->uplink_.Start();
    if (status != Status::kOk) self->platform_.SleepMs(kListenMs);
  }
  while (!self->halt_) self->uplink_.Turn(kListenMs);
  self->uplink_.Stop();
  vTaskDelete(nullptr);
}

}  // namespace linegate::esp
