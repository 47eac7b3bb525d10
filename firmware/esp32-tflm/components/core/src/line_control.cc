#include "linegate/core/line_control.h"

namespace linegate {

Status LineControl::Start(const struct track_calibration& calibration) {
  {
    const Held held(guard_);
    if (track_init(&track_, &calibration) != TRACK_OK) return Status::kBadConfig;
    running_ = true;
  }
  return edges_.Open(this);
}

void LineControl::Stop() {
  edges_.Close();
  const Held held(guard_);
  gate_.Ready(false);
  if (!running_) return;
  track_stop(&track_, clock_.NowNs());
  Apply();
  running_ = false;
}

void LineControl::Resolve(uint64_t part, Verdict verdict) {
  const Held held(guard_);
  if (!running_) return;
  track_verdict(&track_, part, static_cast<enum track_verdict>(verdict), clock_.NowNs());
  Apply();
}

void LineControl::Resume() {
  const Held held(guard_);
  if (running_) track_resume(&track_);
}

void LineControl::SetReady(bool on) {
  const Held held(guard_);
  gate_.Ready(on && running_);
}

bool LineControl::Take(struct track_event* event) {
  const Held held(guard_);
  if (count_ == 0) return false;
  *event = events_[first_];
  first_ = (first_ + 1) % kEvents;
  count_--;
  return true;
}

uint32_t LineControl::EventsLost() {
  const Held held(guard_);
  return events_lost_;
}

void LineControl::OpenParts(uint64_t* oldest, uint64_t* next) {
  const Held held(guard_);
  *oldest = track_.oldest;
  *next = track_.next;
}

int64_t LineControl::WorstLateNs() {
  const Held held(guard_);
  return worst_late_ns_;
}

void LineControl::OnWake() {
  const Held held(guard_);
  if (!running_) return;
  track_tick(&track_, clock_.NowNs());
  Apply();
}

void LineControl::OnEdge(Edge edge, int64_t at_ns) {
  const Held held(guard_);
  if (!running_) return;
  if (edge == Edge::kPart) {
    track_trigger(&track_, at_ns);
  } else {
    track_confirm(&track_, at_ns);
  }
  Apply();
}

void LineControl::Apply() {
  if (track_.gate_active != active_) gate_.Drive(active_ = track_.gate_active);
  gate_.WakeAt(track_next(&track_));
  struct track_event event;
  while (track_take(&track_, &event)) Keep(event);
}

void LineControl::Keep(const struct track_event& event) {
  // A photo-eye that chatters must not push out what happens to parts.
  if (event.kind == TRACK_TRIGGER_IGNORED) return;
  const bool moves = event.kind == TRACK_GATE_ON || event.kind == TRACK_GATE_OFF;
  if (moves && event.at - event.due > worst_late_ns_) worst_late_ns_ = event.at - event.due;
  if (count_ == kEvents) {
    events_lost_++;
    return;
  }
  events_[(first_ + count_) % kEvents] = event;
  count_++;
}

}  // namespace linegate
