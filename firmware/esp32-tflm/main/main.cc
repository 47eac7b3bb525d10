// Wires the station of one board. Objects are static: nothing is allocated once the tasks run.
#include "esp_app_desc.h"
#include "linegate/esp/board.h"
#include "linegate/esp/clock.h"
#include "linegate/esp/console.h"
#include "linegate/esp/deenergise.h"
#include "linegate/esp/edges.h"
#include "linegate/esp/flash.h"
#include "linegate/esp/gate.h"
#include "linegate/esp/lock.h"
#include "linegate/esp/part_reserve.h"
#include "linegate/esp/platform.h"
#include "linegate/esp/settings_store.h"
#include "linegate/esp/transport.h"
#include "linegate/flash_ring.h"
#include "linegate/model_view.h"
#include "linegate/tflm_classifier.h"
#include "station_app.h"
#include "wiring.h"

using namespace linegate;
using namespace linegate::esp;

extern "C" void app_main() {
  ArmDeenergise(kBoard.line.gate, kBoard.line.ready);
  static EspPlatform platform;
  if (platform.Open() != Status::kOk) platform.Restart();
  const char* version = esp_app_get_description()->version;
  TellBoot(version, platform.Reset());

  static EspSettingsStore store;
  static Settings settings;
  if (store.Open() != Status::kOk || store.Load(&settings) != Status::kOk) ResetSettings(&settings);
  static EspClock clock;
  static EspGuard guard;
  static EspGate gate(kBoard.line.gate, kBoard.line.ready);
  static EspEdges edges(kBoard.line.trigger, {kNoPin, false});
  static LineControl line(clock, gate, edges, guard);
  static EspFlash flash;
  static EspMutex mutex;
  static FlashRing ring(flash, platform, mutex);
  static EspPartReserve reserve;
  static Ledger ledger(ring, reserve, clock);
  static EspCamera camera(kBoard.camera, model::kChannels == 3 ? CameraColour::kColour : CameraColour::kGrey);
  static TflmClassifier classifier(memory::arena, kArenaBytes);
  static TensorMaker tensor(ModelView::Tensor(), memory::tensor, sizeof memory::tensor, memory::workspace,
                            sizeof memory::workspace);
  static const Names names(platform);
  static const ModelView view;
  static Station station({clock, camera, classifier, platform}, line, ledger, tensor,
                         ConfigOf(settings, view.Rule(), view.Golden(), names));
  static EspNetwork network;
  static EspTransport transport(settings, network);
  static Uplink uplink(ring, transport, clock, platform, FactsOf(settings, version, names));
  static StationApp app(station, uplink, platform, classifier);
  static EspConsole console(&store, version);
  Boot({settings, line, flash, network, app, console});
}
