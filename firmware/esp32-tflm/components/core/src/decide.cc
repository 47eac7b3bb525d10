#include "linegate/core/decide.h"

namespace linegate {
namespace {

bool AreScores(const double* scores, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!(scores[i] >= -1e-6 && scores[i] <= 1 + 1e-6)) return false;
  }
  return true;
}

// The defect furthest above its threshold of that kind; false when none is.
bool FindFurthestAbove(const DecisionRule& rule, const double* scores, double LabelRule::* threshold,
                       Decision* decision) {
  bool found = false;
  double margin = 0;
  for (size_t i = 0; i < rule.label_count; i++) {
    const LabelRule& label = rule.labels[i];
    const double above = scores[i] - label.*threshold;
    if (!label.defect || above < 0 || (found && above <= margin)) continue;
    margin = above;
    found = true;
    decision->label = label.name;
    decision->score = scores[i];
  }
  return found;
}

// Returns the sum of the good labels' scores.
double FindBestGood(const DecisionRule& rule, const double* scores, Decision* decision) {
  double sum = 0;
  decision->label = "";
  decision->score = -1;
  for (size_t i = 0; i < rule.label_count; i++) {
    if (rule.labels[i].defect) continue;
    sum += scores[i];
    if (scores[i] <= decision->score) continue;
    decision->label = rule.labels[i].name;
    decision->score = scores[i];
  }
  return sum;
}

}  // namespace

Status Decide(const DecisionRule& rule, const double* scores, size_t score_count, Decision* decision) {
  if (score_count != rule.label_count || !AreScores(scores, score_count)) return Status::kIllegalInput;
  if (FindFurthestAbove(rule, scores, &LabelRule::reject, decision)) {
    decision->verdict = Verdict::kReject;
  } else if (FindFurthestAbove(rule, scores, &LabelRule::review, decision)) {
    decision->verdict = Verdict::kReview;
  } else {
    const double sum = FindBestGood(rule, scores, decision);
    decision->verdict = sum < rule.minimum_ok ? Verdict::kReview : Verdict::kPass;
  }
  return Status::kOk;
}

}  // namespace linegate
