// A part's record and what may happen to it: the state machine of agent/core/part-record.ts.
// Threads: values and pure functions. Times are ns on Clock::NowNs.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/core/json.h"
#include "linegate/core/verdict.h"
#include "linegate/status.h"

namespace linegate {

// What is made of a part. Texts live as long as the program: details are literals, labels belong to the model.
struct Judgement {
  // False: no verdict, and `reason` and `detail` say why. True: all but those two.
  bool judged;
  Verdict verdict;
  Reason reason;
  uint8_t score_count;
  const char* detail;
  // The label that decided, and its score.
  const char* label;
  double score;
  int64_t at_ns;
  // In the order of the labels, in ten-thousandths, as they are recorded.
  uint16_t scores_e4[kMaxLabels];
};

Judgement NoVerdict(Reason reason, const char* detail, int64_t at_ns);

struct FrameFacts {
  int64_t sensor_ns;
  uint64_t sequence;
};

// When the gate was active; `off_ns` is kNotYet where the record closed before the gate went back.
struct Pulse {
  int64_t on_ns;
  int64_t off_ns;
};
inline constexpr int64_t kNotYet = INT64_MAX;

enum class PartState : uint8_t { kInspecting, kJudged, kResolved, kClosed };

struct PartRecord {
  PartState state;
  uint64_t part;
  int64_t trigger_ns;
  double trigger_wall_ms;
  int64_t deadline_ns;

  bool has_frame;
  bool has_pulse;
  // A verdict came too late to count.
  bool has_late;
  // False for a part that closed without being resolved.
  bool was_resolved;
  bool too_close;
  Action action;
  Cause cause;
  Confirmation confirmation;
  Verdict late_verdict;
  int64_t late_at_ns;
  FrameFacts frame;
  Pulse pulse;
  Judgement judgement;
  int64_t resolved_ns;
  int64_t closed_ns;
};

// The record of a part at its trigger.
PartRecord OpenPart(uint64_t part, int64_t trigger_ns, double trigger_wall_ms, int64_t deadline_ns);

// What can happen to a record. Each returns kIllegalInput, and changes nothing, where the record's state cannot have
// it.
Status Framed(PartRecord* record, const FrameFacts& frame);
Status Judged(PartRecord* record, const Judgement& judgement);
Status Pulsed(PartRecord* record, const Pulse& pulse);
Status Resolved(PartRecord* record, Action action, Cause cause, int64_t at_ns);
Status Closed(PartRecord* record, Action action, bool too_close, Confirmation confirmation, int64_t at_ns);

// How a closed record counts: `pass`, `reject`, `review` or `no-verdict`.
const char* OutcomeOf(const PartRecord& record);

// The payload of a closed record's row, as agent/pipeline/rows.ts makes it.
void WritePayload(const PartRecord& record, Json* json);

}  // namespace linegate
