#include "linegate/core/self_test.h"

#include <string.h>

namespace linegate {

Status SelfTest(Classifier& classifier, Clock& clock, const GoldenSet& golden, SelfTestReport* report) {
  *report = {0, 0, 0};
  if (golden.count == 0 || golden.label_count > kMaxLabels) return Status::kBadConfig;
  Status worst = Status::kOk;
  for (size_t i = 0; i < golden.count; i++) {
    const GoldenVector& vector = golden.vectors[i];
    int8_t scores[kMaxLabels];
    const int64_t start_ns = clock.NowNs();
    Status status = classifier.Classify(vector.pixels, golden.pixel_bytes, scores, golden.label_count);
    const int64_t took_ns = clock.NowNs() - start_ns;
    if (took_ns > report->slowest_ns) report->slowest_ns = took_ns;
    const bool same = status == Status::kOk && memcmp(scores, vector.scores, golden.label_count) == 0;
    if (status == Status::kOk && !same) status = Status::kCorrupt;
    if (same) {
      report->passed++;
    } else {
      report->failed++;
    }
    if (worst == Status::kOk) worst = status;
  }
  return worst;
}

}  // namespace linegate
