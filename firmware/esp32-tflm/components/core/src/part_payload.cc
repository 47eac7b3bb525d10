#include "linegate/core/number.h"
#include "linegate/core/part_record.h"

namespace linegate {
namespace {

// Since the trigger, in ms with three decimals.
double SinceTrigger(const PartRecord& record, int64_t at_ns) {
  return Round(static_cast<double>(at_ns - record.trigger_ns) / 1e3) / 1e3;
}

void WriteFrame(const PartRecord& record, Json* json) {
  json->Key("frame");
  if (!record.has_frame) {
    json->Null();
    return;
  }
  json->BeginObject().Key("ageMs").Number(SinceTrigger(record, record.frame.sensor_ns));
  json->Key("clock").String("monotonic");
  json->Key("sequence").Integer(static_cast<int64_t>(record.frame.sequence)).EndObject();
}

void WritePulse(const PartRecord& record, Json* json) {
  json->Key("pulse");
  if (!record.has_pulse) {
    json->Null();
    return;
  }
  const auto& [on_ns, off_ns] = record.pulse;
  json->BeginObject().Key("offMs");
  if (off_ns == kNotYet) {
    json->Null();
  } else {
    json->Number(SinceTrigger(record, off_ns));
  }
  json->Key("onMs").Number(SinceTrigger(record, on_ns)).EndObject();
}

void WriteLate(const PartRecord& record, Json* json) {
  if (!record.has_late) return;
  json->Key("late").BeginObject().Key("atMs").Number(SinceTrigger(record, record.late_at_ns));
  json->Key("verdict").String(NameOf(record.late_verdict)).EndObject();
}

void WriteScores(const Judgement& judgement, Json* json) {
  json->Key("scores").BeginArray();
  for (size_t i = 0; i < judgement.score_count; i++) json->Number(judgement.scores_e4[i] / 1e4);
  json->EndArray();
}

}  // namespace

void WritePayload(const PartRecord& record, Json* json) {
  const Judgement& judgement = record.judgement;
  json->BeginObject().Key("action").String(NameOf(record.action));
  json->Key("atMs").Number(SinceTrigger(record, judgement.at_ns)).Key("cause");
  if (record.cause == Cause::kNone) {
    json->Null();
  } else {
    json->String(NameOf(record.cause));
  }
  json->Key("closedMs").Number(SinceTrigger(record, record.closed_ns));
  json->Key("confirmation").String(NameOf(record.confirmation));
  json->Key("deadlineMs").Number(SinceTrigger(record, record.deadline_ns));
  if (!judgement.judged) json->Key("detail").String(judgement.detail);
  WriteFrame(record, json);
  if (judgement.judged) json->Key("label").String(judgement.label);
  WriteLate(record, json);
  // Pictures are not kept on this board.
  json->Key("picture").Null();
  WritePulse(record, json);
  if (judgement.judged) {
    WriteScores(judgement, json);
  } else {
    json->Key("reason").String(NameOf(judgement.reason));
  }
  json->Key("tooClose").Boolean(record.too_close).EndObject();
}

}  // namespace linegate
