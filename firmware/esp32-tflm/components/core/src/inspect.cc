#include "linegate/core/inspect.h"

#include "linegate/core/number.h"

namespace linegate {
namespace {

const char* WhyNoFrame(Status status) {
  switch (status) {
    case Status::kNotFound: return "no frame was taken near the trigger";
    case Status::kTimeout: return "no frame came before the deadline";
    case Status::kUnavailable: return "the camera does not answer";
    case Status::kDeviceFault: return "the camera failed and is being started again";
    case Status::kNoSpace: return "there is no memory for a frame";
    case Status::kOk:
    case Status::kCorrupt:
    case Status::kIllegalInput:
    case Status::kBadConfig: break;
  }
  return "the camera gave no usable frame";
}

int64_t Apart(int64_t a, int64_t b) { return a > b ? a - b : b - a; }

}  // namespace

Judgement Inspector::Inspect(PartRecord* record) {
  Frame frame = {};
  const Status found = frames_.Capture(record->trigger_ns, frame_window_ns_, record->deadline_ns, &frame);
  if (found != Status::kOk) return NoVerdict(Reason::kNoFrame, WhyNoFrame(found), clock_.NowNs());
  // Only a record that nobody resolved meanwhile is inspected, and it has no frame yet: this cannot be refused.
  (void)Framed(record, {frame.sensor_ns, frame.sequence});
  Reason reason = Reason::kBadFrame;
  const char* wrong = WrongFrame(*record, frame, &reason);
  if (wrong == nullptr && tensor_.Run(frame) != Status::kOk) wrong = "the frame's size, format and bytes do not fit";
  frames_.Release(frame);
  return wrong == nullptr ? Judge() : NoVerdict(reason, wrong, clock_.NowNs());
}

const char* Inspector::WrongFrame(const PartRecord& record, const Frame& frame, Reason* reason) {
  if (has_taken_ && frame.sequence == taken_sequence_) return "the frame was the part's before already";
  has_taken_ = true;
  taken_sequence_ = frame.sequence;
  if (Apart(frame.sensor_ns, record.trigger_ns) <= frame_window_ns_) return nullptr;
  *reason = Reason::kNoFrame;
  return "the frame was taken too far from the trigger";
}

Judgement Inspector::Judge() {
  int8_t stored[kMaxLabels];
  double scores[kMaxLabels];
  const size_t count = rule_.label_count;
  const Status status = count > kMaxLabels
                            ? Status::kBadConfig
                            : classifier_.Classify(tensor_.Tensor(), tensor_.TensorBytes(), stored, count);
  const int64_t at_ns = clock_.NowNs();
  if (status != Status::kOk) return NoVerdict(Reason::kClassifierDown, "the interpreter refused the tensor", at_ns);
  for (size_t i = 0; i < count; i++) scores[i] = ScoreOf(stored[i]);
  Decision decision = {};
  if (Decide(rule_, scores, count, &decision) != Status::kOk) {
    return NoVerdict(Reason::kBadAnswer, "the model's scores are not usable", at_ns);
  }
  Judgement judgement = {};
  judgement.judged = true;
  judgement.verdict = decision.verdict;
  judgement.label = decision.label;
  judgement.score = decision.score;
  judgement.at_ns = at_ns;
  judgement.score_count = static_cast<uint8_t>(count);
  for (size_t i = 0; i < count; i++) judgement.scores_e4[i] = static_cast<uint16_t>(Round(scores[i] * 1e4));
  return judgement;
}

}  // namespace linegate
