// Stories of parts against what the agent's record makes of them.
#include <string.h>

#include "linegate/core/number.h"
#include "linegate/core/part_record.h"
#include "support/golden.h"
#include "support/test.h"

using linegate::PartRecord;
using linegate::Status;
using linegate::test::Golden;

namespace {

// Texts that a record points to: they live as long as the program, so each is kept once.
const char* Kept(const char* text) {
  static char pool[2048];
  static size_t used = 0;
  for (size_t at = 0; at < used; at += strlen(pool + at) + 1) {
    if (strcmp(pool + at, text) == 0) return pool + at;
  }
  const size_t size = strlen(text) + 1;
  EXPECT(used + size <= sizeof pool);
  memcpy(pool + used, text, size);
  used += size;
  return pool + used - size;
}

using linegate::Action;
using linegate::Cause;
using linegate::Confirmation;
using linegate::Reason;
using linegate::Verdict;

constexpr Verdict kVerdicts[] = {Verdict::kPass, Verdict::kReject, Verdict::kReview};
constexpr Reason kReasons[] = {Reason::kNoFrame,  Reason::kBadFrame,       Reason::kLate,
                               Reason::kOverflow, Reason::kClassifierDown, Reason::kBadAnswer};
constexpr Action kActions[] = {Action::kEject, Action::kPass, Action::kMissed, Action::kAborted, Action::kUnknown};
constexpr Cause kCauses[] = {Cause::kVerdict, Cause::kFailSafe, Cause::kTooClose};
constexpr Confirmation kConfirmations[] = {Confirmation::kNone, Confirmation::kConfirmed, Confirmation::kUnconfirmed};

// The value with that name.
template <typename Enum, size_t Count>
Enum Named(const char* name, const Enum (&values)[Count]) {
  for (const Enum value : values) {
    if (strcmp(linegate::NameOf(value), name) == 0) return value;
  }
  linegate::test::Fail(name, 0, "the name is known");
  return values[0];
}

// Padding included: a record that was refused an input must not be touched at all.
bool SameBytes(const void* a, const void* b, size_t size_bytes) { return memcmp(a, b, size_bytes) == 0; }

linegate::Judgement JudgementOf(const Golden& golden) {
  if (golden.Is(1, "unjudged")) {
    const linegate::Reason reason = Named(golden.Text(2), kReasons);
    return linegate::NoVerdict(reason, Kept(golden.Text(3)), golden.Integer(4));
  }
  linegate::Judgement judgement = {};
  judgement.judged = true;
  judgement.verdict = Named(golden.Text(2), kVerdicts);
  judgement.label = Kept(golden.Text(3));
  judgement.score = golden.Real(4);
  judgement.at_ns = golden.Integer(5);
  judgement.score_count = static_cast<uint8_t>(golden.Count() - 6);
  for (size_t i = 0; i < judgement.score_count; i++) {
    judgement.scores_e4[i] = static_cast<uint16_t>(linegate::Round(golden.Real(6 + i) * 1e4));
  }
  return judgement;
}

Status Apply(const Golden& golden, PartRecord* record) {
  if (golden.Is(1, "framed")) {
    return linegate::Framed(record, {golden.Integer(2), static_cast<uint64_t>(golden.Integer(3))});
  }
  if (golden.Is(1, "pulsed")) {
    const int64_t off_ns = golden.Is(3, "none") ? linegate::kNotYet : golden.Integer(3);
    return linegate::Pulsed(record, {golden.Integer(2), off_ns});
  }
  if (golden.Is(1, "resolved")) {
    const linegate::Action action = Named(golden.Text(2), kActions);
    return linegate::Resolved(record, action, Named(golden.Text(3), kCauses), golden.Integer(4));
  }
  if (golden.Is(1, "closed")) {
    const linegate::Action action = Named(golden.Text(2), kActions);
    const linegate::Confirmation confirmation = Named(golden.Text(4), kConfirmations);
    return linegate::Closed(record, action, golden.Integer(3) != 0, confirmation, golden.Integer(5));
  }
  return linegate::Judged(record, JudgementOf(golden));
}

void CheckInput(const Golden& golden, PartRecord* record) {
  static PartRecord before;
  memcpy(&before, record, sizeof before);
  const Status status = Apply(golden, record);
  if (golden.Is(0, "+")) {
    EXPECT_EQ(status, Status::kOk);
    return;
  }
  EXPECT_EQ(status, Status::kIllegalInput);
  EXPECT(SameBytes(&before, record, sizeof before));
}

void CheckRow(const Golden& golden, const PartRecord& record) {
  static char text[1500];
  linegate::Json json(text, sizeof text);
  linegate::WritePayload(record, &json);
  EXPECT(json.Ok());
  EXPECT_TEXT(text, golden.Text(2));
  EXPECT_TEXT(linegate::OutcomeOf(record), golden.Text(1));
}

}  // namespace

TEST(records_are_those_of_the_agent) {
  static PartRecord record;
  int rows = 0;
  Golden golden("firmware/parts.txt");
  while (golden.Next()) {
    if (golden.Is(0, "open")) {
      record = linegate::OpenPart(static_cast<uint64_t>(golden.Integer(1)), golden.Integer(2), golden.Real(3),
                                  golden.Integer(4));
    } else if (golden.Is(0, "row")) {
      CheckRow(golden, record);
      rows++;
    } else {
      CheckInput(golden, &record);
    }
  }
  EXPECT(rows > 150);
}
