// trigger -> frame -> tensor -> scores -> verdict for one part: agent/pipeline/inspect.ts.
// Threads: the station task alone. Inspect waits for the frame, at most until the deadline, and for the inference.
#pragma once

#include <stdint.h>

#include "linegate/classifier.h"
#include "linegate/clock.h"
#include "linegate/core/decide.h"
#include "linegate/core/part_record.h"
#include "linegate/core/tensor_maker.h"
#include "linegate/frame_source.h"

namespace linegate {

class Inspector {
 public:
  // `frame_window_ns`: how far from the trigger a part's frame may have been taken.
  Inspector(Clock& clock, FrameSource& frames, TensorMaker& tensor, Classifier& classifier, const DecisionRule& rule,
            int64_t frame_window_ns)
      : clock_(clock),
        frames_(frames),
        tensor_(tensor),
        classifier_(classifier),
        rule_(rule),
        frame_window_ns_(frame_window_ns) {}

  // Never fails: whatever goes wrong is a judgement without a verdict. `record` gets the frame's facts as soon as it is
  // there.
  Judgement Inspect(PartRecord* record);

 private:
  // Why this frame must not decide about this part; null where it may.
  const char* WrongFrame(const PartRecord& record, const Frame& frame, Reason* reason);
  Judgement Judge();

  Clock& clock_;
  FrameSource& frames_;
  TensorMaker& tensor_;
  Classifier& classifier_;
  DecisionRule rule_;
  int64_t frame_window_ns_;
  // The last frame that a part got.
  bool has_taken_ = false;
  uint64_t taken_sequence_ = 0;
};

}  // namespace linegate
