// The generated model in the words of core.
// Threads: constants.
#pragma once

#include "linegate/core/decide.h"
#include "linegate/core/region.h"
#include "linegate/core/self_test.h"
#include "linegate/core/tensor_maker.h"
#include "model.h"

namespace linegate {

// The tables that core's types point to; make one, static.
struct ModelView {
  LabelRule labels[model::kLabelCount] = {};
  GoldenVector vectors[model::kGoldenCount] = {};

  ModelView() {
    for (size_t i = 0; i < model::kLabelCount; i++) {
      const model::Label& label = model::kLabels[i];
      labels[i] = {label.name, label.defect, label.review, label.reject};
    }
    for (size_t i = 0; i < model::kGoldenCount; i++) {
      vectors[i] = {model::kGolden[i].pixels, model::kGolden[i].scores};
    }
  }

  DecisionRule Rule() const { return {labels, model::kLabelCount, model::kMinimumOk}; }
  GoldenSet Golden() const { return {vectors, model::kGoldenCount, model::kInputBytes, model::kLabelCount}; }
  static constexpr TensorSpec Tensor() {
    return {model::kWidthPx,
            model::kHeightPx,
            model::kChannels,
            {model::kRegion.x, model::kRegion.y, model::kRegion.width, model::kRegion.height}};
  }
};

static_assert(model::kLabelCount <= kMaxLabels, "core keeps that many scores of a part");
static_assert(model::kScoreOffset == 128 && model::kScoreSteps == 256, "ScoreOf counts on it");

}  // namespace linegate
