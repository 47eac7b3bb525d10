// Scores -> verdict: the rule of agent/core/decide.ts.
// Threads: pure functions.
#pragma once

#include <stddef.h>

#include "linegate/core/verdict.h"
#include "linegate/status.h"

namespace linegate {

struct LabelRule {
  const char* name;
  bool defect;
  // From which score a part is reviewed, and rejected; not used for good labels.
  double review;
  double reject;
};

struct DecisionRule {
  const LabelRule* labels;
  size_t label_count;
  // A part passes only when the scores of the good labels add up to this.
  double minimum_ok;
};

// A verdict with the label and score that decided it.
struct Decision {
  Verdict verdict;
  const char* label;
  double score;
};

// `scores`: one a label, in order, each 0 to 1. kIllegalInput: another count, or a score that is none.
Status Decide(const DecisionRule& rule, const double* scores, size_t score_count, Decision* decision);

// The score that an int8 tensor stores.
constexpr double ScoreOf(signed char stored) { return (stored + 128) / 256.0; }

}  // namespace linegate
