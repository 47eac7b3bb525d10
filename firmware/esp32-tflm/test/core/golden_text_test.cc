// Numbers, texts, regions and decisions against what the agent gives.
#include <string.h>

#include "linegate/core/decide.h"
#include "linegate/core/json.h"
#include "linegate/core/number.h"
#include "linegate/core/region.h"
#include "support/golden.h"
#include "support/test.h"

using linegate::test::FromHex;
using linegate::test::Golden;

TEST(numbers_are_written_as_by_the_agent) {
  Golden golden("firmware/numbers.txt");
  while (golden.Next()) {
    char text[linegate::kNumberBytes];
    const size_t size = linegate::NumberText(golden.Real(0), text);
    EXPECT_TEXT(text, golden.Text(1));
    EXPECT_EQ(size, strlen(text));
  }
  EXPECT(golden.Line() > 700);
}

TEST(texts_are_escaped_as_by_the_agent) {
  Golden golden("firmware/strings.txt");
  while (golden.Next()) {
    char plain[200];
    char expected[400];
    char text[400];
    plain[FromHex(golden.Text(0) + 1, plain, sizeof plain - 1)] = '\0';
    expected[FromHex(golden.Text(1), expected, sizeof expected - 1)] = '\0';
    linegate::Json json(text, sizeof text);
    json.String(plain);
    EXPECT(json.Ok());
    EXPECT_TEXT(text, expected);
  }
}

TEST(regions_are_the_pixels_of_the_agent) {
  Golden golden("firmware/regions.txt");
  while (golden.Next()) {
    const linegate::Region region = {golden.Real(0), golden.Real(1), golden.Real(2), golden.Real(3)};
    const linegate::PixelRect rect = linegate::RegionPixels(region, static_cast<uint32_t>(golden.Integer(4)),
                                                            static_cast<uint32_t>(golden.Integer(5)));
    EXPECT_EQ(rect.x_px, golden.Integer(6));
    EXPECT_EQ(rect.y_px, golden.Integer(7));
    EXPECT_EQ(rect.width_px, golden.Integer(8));
    EXPECT_EQ(rect.height_px, golden.Integer(9));
  }
}

namespace {

// A rule with room for the names of its labels.
struct Rules {
  linegate::LabelRule labels[16];
  char names[16][64];
  linegate::DecisionRule rule;
};

void AddLabel(const Golden& golden, Rules* rules) {
  const size_t i = rules->rule.label_count++;
  strncpy(rules->names[i], golden.Text(1), sizeof rules->names[i] - 1);
  rules->labels[i] = {rules->names[i], golden.Is(2, "defect"), golden.Real(3), golden.Real(4)};
}

void CheckCase(const Golden& golden, const Rules& rules) {
  double scores[16];
  const size_t count = golden.Count() - 4;
  for (size_t i = 0; i < count; i++) scores[i] = golden.Real(4 + i);
  linegate::Decision decision = {};
  const linegate::Status status = linegate::Decide(rules.rule, scores, count, &decision);
  const bool usable = !golden.Is(1, "none");
  EXPECT_EQ(status, usable ? linegate::Status::kOk : linegate::Status::kIllegalInput);
  if (!usable || status != linegate::Status::kOk) return;
  EXPECT_TEXT(linegate::NameOf(decision.verdict), golden.Text(1));
  EXPECT_TEXT(decision.label, golden.Text(2));
  EXPECT(decision.score == golden.Real(3));
}

}  // namespace

TEST(decisions_are_those_of_the_agent) {
  static Rules rules;
  Golden golden("firmware/decisions.txt");
  while (golden.Next()) {
    if (golden.Is(0, "rule")) {
      rules = {};
      rules.rule = {rules.labels, 0, golden.Real(1)};
    } else if (golden.Is(0, "label")) {
      AddLabel(golden, &rules);
    } else {
      CheckCase(golden, rules);
    }
  }
  EXPECT(golden.Line() > 300);
}
