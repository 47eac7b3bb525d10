#include "linegate/core/self_test.h"

#include <string.h>

namespace linegate {

namespace {

Status Try(Classifier& classifier, Clock& clock, const GoldenSet& golden, const GoldenVector& vector,
           SelfTestReport* report) {
  int8_t scores[kMaxLabels];
  const int64_t start_ns = clock.NowNs();
  const Status status = classifier.Classify(vector.pixels, golden.pixel_bytes, scores, golden.label_count);
  const int64_t took_ns = clock.NowNs() - start_ns;
  if (took_ns > report->slowest_ns) report->slowest_ns = took_ns;
  if (status != Status::kOk) return status;
  return memcmp(scores, vector.scores, golden.label_count) == 0 ? Status::kOk : Status::kCorrupt;
}

}  // namespace

Status SelfTest(Classifier& classifier, Clock& clock, const GoldenSet& golden, SelfTestReport* report) {
  *report = {0, 0, 0};
  if (golden.count == 0 || golden.label_count > kMaxLabels) return Status::kBadConfig;
  Status first = Status::kOk;
  for (size_t i = 0; i < golden.count; i++) {
    const Status status = Try(classifier, clock, golden, golden.vectors[i], report);
    if (status == Status::kOk) {
      report->passed++;
    } else {
      report->failed++;
    }
    if (first == Status::kOk) first = status;
  }
  return first;
}

}  // namespace linegate
