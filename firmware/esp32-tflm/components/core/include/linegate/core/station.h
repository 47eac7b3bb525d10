// The station: routes what the line tells to the parts' records, inspects them one after the other, and hands closed
// records to the ledger. It holds no gate timing: the line acts without it. Threads: the station task alone, but for
// Line(), which guards itself. Step waits for a frame (at most until a part's deadline), an inference and the flash;
// call it again at once while it returns true, and at least every 10 ms otherwise.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/core/inspect.h"
#include "linegate/core/ledger.h"
#include "linegate/core/line_control.h"
#include "linegate/core/ready_book.h"
#include "linegate/core/self_test.h"
#include "linegate/platform.h"

namespace linegate {

struct StationPorts {
  Clock& clock;
  FrameSource& frames;
  Classifier& classifier;
  Platform& platform;
};

struct StationConfig {
  // first_part is the ledger's to say.
  struct track_calibration calibration;
  DecisionRule rule;
  GoldenSet golden;
  // Name and version, as `name@version`.
  const char* recipe;
  // How far from the trigger a part's frame may have been taken.
  int64_t frame_window_ns;
  // Another one for each boot.
  const char* boot_id;
};

class Station {
 public:
  // How long a new firmware must run without a fault before it stays.
  static constexpr int64_t kProbationNs = INT64_C(60000000000);
  // A gate edge that is later than this takes READY away.
  static constexpr int64_t kLateNs = 2000000;

  Station(const StationPorts& ports, LineControl& line, Ledger& ledger, TensorMaker& tensor,
          const StationConfig& config);

  // Opens the ledger, tests the model, opens the camera and begins to sort. The line must be open. What fails stands
  // against READY and the station sorts by the fail-safe; kBadConfig, kDeviceFault and the like of the line itself end
  // it.
  Status Start();
  // One turn; true when there may be more to do at once.
  bool Step();
  // Closes all records and the session. The gate is de-energised first.
  void Stop();
  // Somebody at the station lets the line go on after a stop.
  void Resume();

  const ReadyBook& Book() const { return book_; }
  // Of the self-test that Start made.
  const SelfTestReport& Tested() const { return tested_; }
  LineControl& Line() { return line_; }

 private:
  struct Slot {
    bool used;
    bool inspected;
    PartRecord record;
  };

  // station_events.cc: what the line tells.
  void Drain();
  void OnEvent(const struct track_event& event);
  void OnTrigger(const struct track_event& event);
  void OnResolved(const struct track_event& event);
  void OnPulse(const struct track_event& event);
  void OnClosed(const struct track_event& event);
  void OnStopLine(const struct track_event& event);
  void NotePulse(uint64_t part, const Pulse& pulse);
  // Closes records whose closing was among events that were lost.
  void CloseForgotten();
  void Save(Slot* slot);

  // station.cc
  Status TestModel();
  Slot* SlotOf(uint64_t part);
  Slot* NextToInspect();
  void Inspect(Slot* slot);
  void Watch();
  void WatchCamera();
  void WatchUpdate();
  void TellReady();
  // Writes an event's row with the payload of `json`, which lies in payload_.
  void Note(const char* name, const Json& json);
  void Keep(Status status);
  void UseNumbers();

  StationPorts ports_;
  LineControl& line_;
  Ledger& ledger_;
  StationConfig config_;
  Inspector inspector_;
  ReadyBook book_;
  SelfTestReport tested_ = {};
  // What the last `ready` event said; at first something that never stands.
  uint16_t told_against_ = 1U << kBlames;
  bool running_ = false;
  bool on_probation_ = false;
  // No number can be reserved: one may be used again after a power cut.
  bool numbers_fail_ = false;
  int64_t started_ns_ = 0;
  uint32_t camera_faults_ = 0;
  uint32_t events_lost_ = 0;
  // The pulse that is on, and the part that it began with; 0: none.
  uint64_t pulse_first_ = 0;
  int64_t pulse_on_ns_ = 0;
  Slot slots_[TRACK_PARTS] = {};
  char payload_[kMaxPayloadBytes] = {};
};

}  // namespace linegate
