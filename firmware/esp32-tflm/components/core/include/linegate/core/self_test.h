// The boot self-test: the model must give the very scores of its golden vectors.
// Threads: the station task, before anything else asks the classifier.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/classifier.h"
#include "linegate/clock.h"
#include "linegate/core/verdict.h"
#include "linegate/status.h"

namespace linegate {

struct GoldenVector {
  // uint8 NHWC of the model's size.
  const uint8_t* pixels;
  // As stored, one a label.
  const int8_t* scores;
};

struct GoldenSet {
  const GoldenVector* vectors;
  size_t count;
  size_t pixel_bytes;
  size_t label_count;
};

struct SelfTestReport {
  size_t passed;
  size_t failed;
  // The longest inference.
  int64_t slowest_ns;
};

// kOk: every vector gave its scores, to the last bit; kCorrupt: one did not; kBadConfig: there is none, or too many
// labels. The classifier's fault where it gave none.
Status SelfTest(Classifier& classifier, Clock& clock, const GoldenSet& golden, SelfTestReport* report);

}  // namespace linegate
