// The self-test of a board, on TensorFlow Lite Micro's own interpreter.
#include <stdio.h>

#include "linegate/core/self_test.h"
#include "linegate/model_view.h"
#include "linegate/tflm_classifier.h"
#include "support/fakes.h"
#include "support/test.h"

namespace model = linegate::model;
using linegate::Status;

namespace {

// Pointers of a host are twice as long.
alignas(16) uint8_t arena[model::kArenaBytes * sizeof(void*) / 4];

}  // namespace

TEST(the_interpreter_gives_the_scores_of_the_golden_vectors) {
  const linegate::ModelView view;
  linegate::test::FakeClock clock;
  linegate::TflmClassifier classifier(arena, sizeof arena);
  EXPECT_EQ(classifier.Open(), Status::kOk);
  linegate::SelfTestReport report = {};
  EXPECT_EQ(linegate::SelfTest(classifier, clock, view.Golden(), &report), Status::kOk);
  EXPECT_EQ(report.passed, model::kGoldenCount);
  (void)printf("arena %u of %u\n", static_cast<unsigned>(classifier.ArenaUsedBytes()),
               static_cast<unsigned>(sizeof arena));
}
