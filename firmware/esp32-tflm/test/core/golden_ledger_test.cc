// The rows of a store's life, its boots and ends included, against those of the agent's ledger.
#include <string.h>

#include "linegate/core/ledger.h"
#include "support/fakes.h"
#include "support/golden.h"
#include "support/test.h"

using linegate::Ledger;
using linegate::Status;
using linegate::test::FakeClock;
using linegate::test::FakeReserve;
using linegate::test::FakeStore;
using linegate::test::Golden;

namespace {

struct Life {
  FakeClock clock;
  FakeStore store{""};
  FakeReserve reserve;
  // Rows that the agent told of.
  uint64_t told = 0;
};

void Enter(const Golden& golden, Ledger* ledger) {
  const char* recipe = *golden.Text(7) == '\0' ? nullptr : golden.Text(7);
  EXPECT_EQ(ledger->Append({golden.Text(1), golden.Real(2), golden.Real(3), static_cast<uint64_t>(golden.Integer(4)),
                            golden.Text(5), golden.Real(6), recipe, golden.Text(8)}),
            Status::kOk);
}

void Step(const Golden& golden, Ledger* ledger, Life* life) {
  if (golden.Is(0, "entry")) Enter(golden, ledger);
  if (golden.Is(0, "row")) EXPECT_TEXT(life->store.RowText(++life->told), golden.Text(1));
  if (golden.Is(0, "end")) EXPECT_EQ(life->store.state.last.seq, life->told);
  if (golden.Is(0, "first")) EXPECT_EQ(ledger->FirstPart(), golden.Integer(1));
  if (!golden.Is(0, "close")) return;
  life->clock.now_ns = golden.Integer(1);
  life->clock.wall_ms = golden.Integer(2);
  EXPECT_EQ(ledger->Close(), Status::kOk);
}

// From a boot's line to the next one's; false at the end. Nothing of the ledger outlives it but what the store has.
bool PlayBoot(Golden* golden, Life* life) {
  static char boot_id[40];
  strncpy(boot_id, golden->Text(1), sizeof boot_id - 1);
  life->clock.now_ns = golden->Integer(2);
  life->clock.wall_ms = golden->Integer(3);
  Ledger ledger(life->store, life->reserve, life->clock);
  EXPECT_EQ(ledger.Open(boot_id), Status::kOk);
  while (golden->Next()) {
    if (golden->Is(0, "boot")) return true;
    Step(*golden, &ledger, life);
  }
  return false;
}

}  // namespace

TEST(rows_and_hashes_are_those_of_the_agent) {
  static Life life;
  Golden golden("firmware/ledger.txt");
  EXPECT(golden.Next() && golden.Is(0, "epoch"));
  strncpy(life.store.state.epoch, golden.Text(1), linegate::kEpochBytes - 1);
  bool more = golden.Next() && golden.Is(0, "boot");
  while (more) more = PlayBoot(&golden, &life);
  EXPECT(life.told > 100);
}
