// The line: the tracker between the sensors, the gate's timer and the station task. The only code that moves the gate.
// Armed on trigger, disarmed on pass: an edge sets the timer for the part's window in the interrupt, and only a pass
// verdict before the deadline takes that back. With the station task blocked or dead the fail-safe works on.
// Threads: OnEdge and OnWake from interrupts (on the ESP32 in IRAM); the other methods from the station task. All share
// the tracker under the Guard, for some microseconds.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/clock.h"
#include "linegate/core/verdict.h"
#include "linegate/edges.h"
#include "linegate/gate.h"
#include "linegate/guard.h"
#include "linegate/status.h"

extern "C" {
#include "track.h"
}

namespace linegate {

class LineControl final : public GateListener, public EdgeListener {
 public:
  LineControl(Clock& clock, Gate& gate, EdgeSource& edges, Guard& guard)
      : clock_(clock), gate_(gate), edges_(edges), guard_(guard) {}

  // De-energises gate and READY; call it before anything else.
  Status Open() { return gate_.Open(this); }
  // Begins to take triggers. kBadConfig: the tracker refuses the calibration. The edge source's faults as they are.
  Status Start(const struct track_calibration& calibration);
  // De-energises, closes all open parts as aborted and takes no more.
  void Stop();

  void Resolve(uint64_t part, Verdict verdict);
  // Somebody at the line lets it go on after a stop.
  void Resume();
  void SetReady(bool on);

  // What happened, oldest first; false: nothing more. The number of what is to come is bounded: see EventsLost.
  bool Take(struct track_event* event);
  // Events that found no room since start, because the station task came too late: records must be closed without them.
  uint32_t EventsLost();
  // The oldest part that the tracker has open, and the number of the next.
  void OpenParts(uint64_t* oldest, uint64_t* next);
  // The worst lateness of a gate edge so far.
  int64_t WorstLateNs();

  void OnWake() override;
  void OnEdge(Edge edge, int64_t at_ns) override;

 private:
  // Room for the events of 16 parts.
  static constexpr size_t kEvents = 128;

  // With the guard held, after each call of the tracker.
  void Apply();
  void Keep(const struct track_event& event);

  Clock& clock_;
  Gate& gate_;
  EdgeSource& edges_;
  Guard& guard_;
  bool running_ = false;
  bool active_ = false;
  uint32_t events_lost_ = 0;
  int64_t worst_late_ns_ = 0;
  size_t first_ = 0;
  size_t count_ = 0;
  struct track track_ = {};
  struct track_event events_[kEvents] = {};
};

}  // namespace linegate
