#include "linegate/core/station.h"

namespace linegate {
namespace {

Action ActionOf(uint8_t action) {
  switch (action) {
    case TRACK_ACTION_EJECT: return Action::kEject;
    case TRACK_ACTION_PASS: return Action::kPass;
    case TRACK_ACTION_MISSED: return Action::kMissed;
    case TRACK_ACTION_ABORTED: return Action::kAborted;
    default: return Action::kUnknown;
  }
}

Cause CauseOf(uint8_t cause) {
  switch (cause) {
    case TRACK_CAUSE_VERDICT: return Cause::kVerdict;
    case TRACK_CAUSE_FAIL_SAFE: return Cause::kFailSafe;
    case TRACK_CAUSE_TOO_CLOSE: return Cause::kTooClose;
    default: return Cause::kNone;
  }
}

Confirmation ConfirmationOf(uint8_t confirmation) {
  switch (confirmation) {
    case TRACK_CONFIRMATION_CONFIRMED: return Confirmation::kConfirmed;
    case TRACK_CONFIRMATION_UNCONFIRMED: return Confirmation::kUnconfirmed;
    default: return Confirmation::kNone;
  }
}

}  // namespace

void Station::Drain() {
  struct track_event event;
  while (line_.Take(&event)) OnEvent(event);
}

void Station::OnEvent(const struct track_event& event) {
  switch (event.kind) {
    case TRACK_TRIGGER: OnTrigger(event); break;
    case TRACK_RESOLVED: OnResolved(event); break;
    case TRACK_GATE_ON:
    case TRACK_GATE_OFF: OnPulse(event); break;
    case TRACK_CLOSED: OnClosed(event); break;
    case TRACK_STOP_LINE: OnStopLine(event); break;
    case TRACK_CONFIRM_UNEXPECTED: {
      Json json(payload_, sizeof payload_);
      json.BeginObject().EndObject();
      Note("confirmation-unexpected", json);
      break;
    }
    // The part's closing tells of these.
    default: break;
  }
}

void Station::OnTrigger(const struct track_event& event) {
  Slot* slot = SlotOf(event.part);
  if (slot->used) {
    // Its closing was among events that were lost.
    (void)Closed(&slot->record, Action::kUnknown, false, Confirmation::kNone, event.at);
    Save(slot);
  }
  const double since_ms = static_cast<double>(ports_.clock.NowNs() - event.at) / 1e6;
  const double wall_ms = static_cast<double>(ports_.clock.WallMs()) - since_ms;
  *slot = {true, false, OpenPart(event.part, event.at, wall_ms, event.due)};
}

void Station::OnResolved(const struct track_event& event) {
  Slot* slot = SlotOf(event.part);
  if (!slot->used || slot->record.part != event.part) return;
  (void)Resolved(&slot->record, ActionOf(event.action), CauseOf(event.cause), event.at);
}

void Station::OnPulse(const struct track_event& event) {
  if (event.kind == TRACK_GATE_ON) {
    pulse_first_ = event.part;
    pulse_on_ns_ = event.at;
    return;
  }
  if (pulse_first_ == 0) return;
  // One pulse may throw out several parts, one behind the other.
  for (uint64_t part = pulse_first_; part <= event.part; part++) NotePulse(part, {pulse_on_ns_, event.at});
  pulse_first_ = 0;
}

void Station::NotePulse(uint64_t part, const Pulse& pulse) {
  Slot* slot = SlotOf(part);
  if (!slot->used || slot->record.part != part || slot->record.has_pulse) return;
  if (slot->record.action == Action::kEject) (void)Pulsed(&slot->record, pulse);
}

void Station::OnClosed(const struct track_event& event) {
  Slot* slot = SlotOf(event.part);
  if (!slot->used || slot->record.part != event.part) return;
  if (pulse_first_ != 0 && pulse_first_ <= event.part) NotePulse(event.part, {pulse_on_ns_, kNotYet});
  const Confirmation confirmation = ConfirmationOf(event.confirmation);
  const Status status = Closed(&slot->record, ActionOf(event.action), event.too_close, confirmation, event.at);
  // A record that cannot be closed as the line says is closed all the same.
  if (status != Status::kOk) {
    (void)Closed(&slot->record, Action::kUnknown, event.too_close, confirmation, event.at);
  }
  Save(slot);
}

void Station::OnStopLine(const struct track_event& event) {
  book_.Set(Blame::kLineStopped, true);
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("part").Integer(static_cast<int64_t>(event.part));
  json.Key("reason").String(event.cause == TRACK_CAUSE_TOO_CLOSE ? "too-close" : "fail-safe").EndObject();
  Note("stop-line", json);
}

void Station::CloseForgotten() {
  const uint32_t lost = line_.EventsLost();
  if (lost == events_lost_) return;
  uint64_t oldest = 0;
  uint64_t next = 0;
  line_.OpenParts(&oldest, &next);
  // What the line still has to tell of them may be on its way.
  Drain();
  const int64_t now_ns = ports_.clock.NowNs();
  for (Slot& slot : slots_) {
    if (!slot.used || slot.record.part >= oldest) continue;
    (void)Closed(&slot.record, Action::kUnknown, slot.record.too_close, Confirmation::kNone, now_ns);
    Save(&slot);
  }
  book_.Set(Blame::kEventsLost, true);
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("events").Integer(static_cast<int64_t>(lost) - events_lost_).EndObject();
  Note("events-lost", json);
  events_lost_ = lost;
}

void Station::Save(Slot* slot) {
  slot->used = false;
  const PartRecord& record = slot->record;
  Json json(payload_, sizeof payload_);
  WritePayload(record, &json);
  if (!json.Ok()) return;
  const double score = record.judgement.judged ? record.judgement.score : -1;
  Keep(ledger_.Append({"part", static_cast<double>(record.trigger_ns) / 1e6, record.trigger_wall_ms, record.part,
                       OutcomeOf(record), score, config_.recipe, payload_}));
}

}  // namespace linegate
