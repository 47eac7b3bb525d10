#include "linegate/tflm_classifier.h"

#include <stdio.h>

#include "linegate/core/self_test.h"
#include "linegate/model_view.h"
#include "support/fakes.h"
#include "support/test.h"

namespace model = linegate::model;
using linegate::Status;

namespace {

alignas(16) uint8_t arena[model::kInputBytes + model::kLabelCount];

}  // namespace

TEST(the_model_lies_at_a_multiple_of_16) { EXPECT_EQ(reinterpret_cast<uintptr_t>(model::kData) % 16, 0); }

// test/firmware/model reads these lines.
TEST(the_resolver_takes_each_operator_once_and_no_more) {
  model::OpResolver resolver;
  EXPECT_EQ(model::AddOperators(resolver), kTfLiteOk);
  for (unsigned i = 0; i < resolver.taken(); i++) (void)printf("operator %s\n", resolver.name(i));
  EXPECT_EQ(model::AddOperators(resolver), kTfLiteError);
}

TEST(the_self_test_passes_and_the_input_is_filled_each_time) {
  linegate::test::FakeClock clock;
  const linegate::ModelView view;
  linegate::TflmClassifier classifier(arena, sizeof arena);
  EXPECT_EQ(classifier.Open(), Status::kOk);
  EXPECT_EQ(classifier.Open(), Status::kOk);
  for (int round = 0; round < 2; round++) {
    linegate::SelfTestReport report = {};
    EXPECT_EQ(linegate::SelfTest(classifier, clock, view.Golden(), &report), Status::kOk);
    EXPECT_EQ(report.passed, model::kGoldenCount);
  }
  EXPECT_EQ(classifier.ArenaUsedBytes(), sizeof arena);
}

TEST(a_bit_that_differs_fails_the_self_test) {
  linegate::test::FakeClock clock;
  linegate::ModelView view;
  static int8_t scores[model::kLabelCount];
  for (size_t i = 0; i < model::kLabelCount; i++) scores[i] = view.vectors[0].scores[i];
  scores[0] = static_cast<int8_t>(scores[0] ^ 1);
  view.vectors[0].scores = scores;
  linegate::TflmClassifier classifier(arena, sizeof arena);
  EXPECT_EQ(classifier.Open(), Status::kOk);
  linegate::SelfTestReport report = {};
  EXPECT_EQ(linegate::SelfTest(classifier, clock, view.Golden(), &report), Status::kCorrupt);
  EXPECT_EQ(report.failed, 1);
}

TEST(what_does_not_fit_is_refused) {
  linegate::TflmClassifier small(arena, sizeof arena - 1);
  int8_t scores[model::kLabelCount];
  EXPECT_EQ(small.Open(), Status::kBadConfig);
  EXPECT_EQ(small.Classify(arena, model::kInputBytes, scores, model::kLabelCount), Status::kUnavailable);
  EXPECT_EQ(small.ArenaUsedBytes(), 0);
  linegate::TflmClassifier classifier(arena, sizeof arena);
  EXPECT_EQ(classifier.Open(), Status::kOk);
  EXPECT_EQ(classifier.Classify(arena, model::kInputBytes - 1, scores, model::kLabelCount), Status::kIllegalInput);
  EXPECT_EQ(classifier.Classify(arena, model::kInputBytes, scores, model::kLabelCount + 1), Status::kIllegalInput);
}
