#include "linegate/core/part_record.h"

namespace linegate {
namespace {

bool IsUnresolved(Action action) { return action == Action::kAborted || action == Action::kUnknown; }

void Close(PartRecord* record, Action action, bool too_close, Confirmation confirmation, int64_t at_ns) {
  record->state = PartState::kClosed;
  record->action = action;
  record->too_close = too_close;
  record->confirmation = confirmation;
  record->closed_ns = at_ns;
}

void Resolve(PartRecord* record, Action action, Cause cause, int64_t at_ns) {
  record->state = PartState::kResolved;
  record->was_resolved = true;
  record->action = action;
  record->cause = cause;
  record->resolved_ns = at_ns;
}

void KeepLate(PartRecord* record, const Judgement& judgement) {
  record->has_late = true;
  record->late_verdict = judgement.verdict;
  record->late_at_ns = judgement.at_ns;
}

}  // namespace

Judgement NoVerdict(Reason reason, const char* detail, int64_t at_ns) {
  Judgement judgement = {};
  judgement.reason = reason;
  judgement.detail = detail;
  judgement.at_ns = at_ns;
  return judgement;
}

PartRecord OpenPart(uint64_t part, int64_t trigger_ns, double trigger_wall_ms, int64_t deadline_ns) {
  PartRecord record = {};
  record.part = part;
  record.trigger_ns = trigger_ns;
  record.trigger_wall_ms = trigger_wall_ms;
  record.deadline_ns = deadline_ns;
  return record;
}

Status Framed(PartRecord* record, const FrameFacts& frame) {
  const bool first = record->state == PartState::kInspecting && !record->has_frame;
  if (!first && record->state != PartState::kResolved) return Status::kIllegalInput;
  if (record->has_frame) return Status::kOk;
  record->has_frame = true;
  record->frame = frame;
  return Status::kOk;
}

Status Judged(PartRecord* record, const Judgement& judgement) {
  switch (record->state) {
    case PartState::kInspecting:
      record->state = PartState::kJudged;
      record->judgement = judgement;
      return Status::kOk;
    case PartState::kResolved:
      if (judgement.judged) KeepLate(record, judgement);
      return Status::kOk;
    case PartState::kJudged:
    case PartState::kClosed: break;
  }
  return Status::kIllegalInput;
}

Status Pulsed(PartRecord* record, const Pulse& pulse) {
  if (record->state != PartState::kResolved) return Status::kIllegalInput;
  record->has_pulse = true;
  record->pulse = pulse;
  return Status::kOk;
}

Status Resolved(PartRecord* record, Action action, Cause cause, int64_t at_ns) {
  if (record->state != PartState::kInspecting && record->state != PartState::kJudged) return Status::kIllegalInput;
  const bool judged = record->state == PartState::kJudged && record->judgement.judged;
  if (!judged && cause == Cause::kVerdict) return Status::kIllegalInput;
  if (record->state == PartState::kInspecting) {
    record->judgement = NoVerdict(Reason::kLate, "the deadline passed before there was a verdict", at_ns);
  } else if (judged && cause == Cause::kFailSafe) {
    // The station had a verdict, yet the line fell back to the fail-safe: the verdict reached it after the deadline.
    KeepLate(record, record->judgement);
    record->judgement = NoVerdict(Reason::kLate, "the verdict reached the line too late", at_ns);
  }
  Resolve(record, action, cause, at_ns);
  return Status::kOk;
}

Status Closed(PartRecord* record, Action action, bool too_close, Confirmation confirmation, int64_t at_ns) {
  if (record->state == PartState::kClosed) return Status::kIllegalInput;
  const bool resolved = record->state == PartState::kResolved;
  if (!resolved && !IsUnresolved(action)) return Status::kIllegalInput;
  if (record->state == PartState::kInspecting) {
    record->judgement = NoVerdict(Reason::kLineStopped, "the line stopped first", at_ns);
  }
  Close(record, action, too_close, confirmation, at_ns);
  return Status::kOk;
}

const char* OutcomeOf(const PartRecord& record) {
  return record.judgement.judged ? NameOf(record.judgement.verdict) : "no-verdict";
}

}  // namespace linegate
