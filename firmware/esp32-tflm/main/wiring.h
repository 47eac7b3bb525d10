// What main needs to wire a board: memory, names, and core's configuration out of the settings.
// Threads: the start-up task alone.
#pragma once

#include "linegate/core/station.h"
#include "linegate/esp/camera.h"
#include "linegate/esp/console.h"
#include "linegate/esp/flash.h"
#include "linegate/esp/network.h"
#include "linegate/model_view.h"
#include "linegate/settings.h"
#include "linegate/uplink.h"
#include "station_app.h"

namespace linegate::esp {

// The camera's rows, YUYV of 320 px.
inline constexpr size_t kRowBytes = 640;
// preprocess.h: 104 bytes for each column of the tensor, 16 for each byte of a row; both rounded up within.
inline constexpr size_t kWorkspaceBytes = 104 * (model::kWidthPx + 8) + 16 * (kRowBytes + 64);
#if defined(CONFIG_IDF_TARGET_ESP32S3)
inline constexpr size_t kArenaBytes = model::kArenaBytesEspNnS3;
#else
inline constexpr size_t kArenaBytes = model::kArenaBytes;
#endif

// The large arrays; in PSRAM where the board has it and its settings put such data there.
namespace memory {
extern uint8_t arena[kArenaBytes];
extern uint8_t tensor[model::kInputBytes];
extern uint8_t workspace[kWorkspaceBytes];
}  // namespace memory

// Texts that rows and hellos name.
struct Names {
  // 32 hexadecimal digits, others for each boot.
  char boot_id[33];
  // As `name@version`.
  char recipe[96];

  explicit Names(Platform& platform);
};

void TellBoot(const char* version, ResetReason reset);
StationConfig ConfigOf(const Settings& settings, const DecisionRule& rule, const GoldenSet& golden, const Names& names);
UplinkFacts FactsOf(const Settings& settings, const char* version, const Names& names);

struct BootParts {
  const Settings& settings;
  LineControl& line;
  EspFlash& flash;
  EspNetwork& network;
  StationApp& app;
  EspConsole& console;
};

// Opens what there is and starts the tasks. Without settings, or when a part fails, the console says so and works on,
// and gate and READY stay de-energised.
void Boot(const BootParts& parts);

}  // namespace linegate::esp
