// No part number is given out twice, wherever the power fails: between parts, in a write of a row or of the reserve,
// and while the store takes no rows or cannot be opened. The rows lie in flash with power cuts of its own.
#include "flash_ring/sim_flash.h"
#include "linegate/core/ledger.h"
#include "linegate/flash_ring.h"
#include "support/fakes.h"

using namespace linegate;
using namespace linegate::test;

namespace {

// The ring, or a fault in its place.
class FaultyStore final : public RecordStore {
 public:
  explicit FaultyStore(FlashRing& ring) : ring_(ring) {}
  Status Open() override { return opens == Status::kOk ? ring_.Open() : opens; }
  Status State(StoreState* state) override { return ring_.State(state); }
  Status Append(const RowMark& mark, const char* text, size_t size_bytes) override {
    return appends == Status::kOk ? ring_.Append(mark, text, size_bytes) : appends;
  }
  Status Read(uint64_t seq, char* text, size_t capacity, size_t* size_bytes, RowMark* mark) override {
    return ring_.Read(seq, text, capacity, size_bytes, mark);
  }
  Status Acknowledge(uint64_t seq) override { return ring_.Acknowledge(seq); }

  Status opens = Status::kOk;
  Status appends = Status::kOk;

 private:
  FlashRing& ring_;
};

// Fails when the power does: the mark is then the old one or the new one.
class CutReserve final : public PartReserve {
 public:
  Status Read(uint64_t* target) override {
    *target = up_to;
    return Status::kOk;
  }
  Status Write(uint64_t value) override {
    if (dead) return Status::kDeviceFault;
    const bool cut = cut_in == 1;
    if (cut_in > 0) cut_in--;
    if (!cut || keeps) up_to = value;
    dead = cut;
    writes++;
    return cut ? Status::kDeviceFault : Status::kOk;
  }

  uint64_t up_to = 0;
  // The write of this number, from 1, is cut; 0: none.
  uint64_t cut_in = 0;
  bool keeps = false;
  bool dead = false;
  uint64_t writes = 0;
};

// A board's lives on one flash.
struct Lives {
  SimFlash flash;
  SimPlatform platform;
  CutReserve reserve;
  Noise noise;
  // The highest number that was ever given out, and how many were.
  uint64_t highest = 0;
  uint64_t given = 0;
  uint64_t faulty = 0;
  uint64_t clean = 0;

  explicit Lives(uint64_t seed) : flash(seed), platform(seed), noise(seed) {}
};

Entry PartEntry(uint64_t part) { return {"part", 1, 2, part, "pass", 0.5, "rings@1", "{}"}; }

// The line gives out numbers whether rows are written or not, as many as may be between two calls of Use.
bool GiveOut(Lives* lives, Ledger* ledger, FaultyStore* store, uint64_t* next) {
  for (uint64_t count = 1 + lives->noise.Below(lives->noise.Below(8) == 0 ? kPartsAhead : 4); count > 0; --count) {
    EXPECT(*next > lives->highest);
    lives->highest = (*next)++;
    lives->given++;
  }
  if (ledger->Use(*next - 1) != Status::kOk) return false;
  if (lives->noise.Below(30) == 0) store->appends = Status::kDeviceFault;
  if (lives->noise.Below(30) == 0) store->appends = Status::kOk;
  // Of some parts there is never a row.
  if (lives->noise.Below(5) != 0) (void)ledger->Append(PartEntry(lives->highest));
  return !lives->flash.dead;
}

void Live(Lives* lives) {
  SimMutex mutex;
  FakeClock clock;
  Noise& noise = lives->noise;
  lives->flash.PowerOn();
  lives->reserve.dead = false;
  lives->flash.cut_at = noise.Below(3) == 0 ? UINT64_MAX : lives->flash.operations + noise.Below(40);
  lives->reserve.cut_in = noise.Below(3) == 0 ? 1 + noise.Below(4) : 0;
  lives->reserve.keeps = noise.Below(2) == 0;
  FlashRing ring(lives->flash, lives->platform, mutex);
  FaultyStore store(ring);
  if (noise.Below(6) == 0) store.opens = Status::kDeviceFault;
  Ledger ledger(store, lives->reserve, clock);
  const bool opened = ledger.Open("boot") == Status::kOk;
  lives->faulty += opened ? 0 : 1;
  uint64_t next = ledger.FirstPart();
  bool powered = ledger.Use(next - 1) == Status::kOk;
  for (uint64_t steps = noise.Below(60); steps > 0 && powered; --steps)
    powered = GiveOut(lives, &ledger, &store, &next);
  if (!powered || !opened || noise.Below(2) == 0) return;
  lives->clean += ledger.Close() == Status::kOk ? 1 : 0;
}

}  // namespace

TEST(no_number_is_given_out_twice_wherever_the_power_fails) {
  uint64_t given = 0;
  uint64_t faulty = 0;
  uint64_t clean = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    static Lives lives(0);
    lives = Lives(seed);
    for (int life = 0; life < 60; ++life) Live(&lives);
    EXPECT_EQ(lives.flash.misuses, 0);
    given += lives.given;
    faulty += lives.faulty;
    clean += lives.clean;
  }
  // All of it came about.
  EXPECT(given > 100000);
  EXPECT(faulty > 500);
  EXPECT(clean > 100);
}

TEST(every_number_below_the_first_is_explained) {
  FakeClock clock;
  FakeStore store("epoch");
  FakeReserve reserve;
  uint64_t next = 1;
  for (int boot = 1; boot <= 20; ++boot) {
    Ledger ledger(store, reserve, clock);
    store.appends = Status::kOk;
    EXPECT_EQ(ledger.Open("boot"), Status::kOk);
    EXPECT(ledger.FirstPart() >= next);
    EXPECT_EQ(store.state.last.explained_to + 1, ledger.FirstPart());
    next = ledger.FirstPart();
    EXPECT_EQ(ledger.Use(next - 1), Status::kOk);
    for (int i = 0; i < 100 * boot; ++i, ++next) {
      if (i == 40) store.appends = Status::kDeviceFault;
      EXPECT_EQ(ledger.Use(next), Status::kOk);
      (void)ledger.Append(PartEntry(next));
    }
    // Every third is ended on purpose.
    if (boot % 3 == 0) store.appends = Status::kOk;
    if (boot % 3 == 0) EXPECT_EQ(ledger.Close(), Status::kOk);
  }
}

TEST(a_store_that_cannot_be_opened_begins_above_the_reserve) {
  FakeClock clock;
  FakeStore store("epoch");
  FakeReserve reserve;
  {
    Ledger ledger(store, reserve, clock);
    EXPECT_EQ(ledger.Open("boot-1"), Status::kOk);
    EXPECT_EQ(ledger.Use(10), Status::kOk);
    EXPECT_EQ(ledger.Append(PartEntry(10)), Status::kOk);
    EXPECT_EQ(ledger.Close(), Status::kOk);
  }
  EXPECT_EQ(reserve.up_to, 10);
  store.opens = Status::kDeviceFault;
  Ledger failing(store, reserve, clock);
  EXPECT_EQ(failing.Open("boot-2"), Status::kDeviceFault);
  EXPECT_EQ(failing.FirstPart(), 11);
  EXPECT_EQ(failing.Use(50), Status::kOk);
  store.opens = Status::kOk;
  Ledger ledger(store, reserve, clock);
  EXPECT_EQ(ledger.Open("boot-3"), Status::kOk);
  EXPECT(ledger.FirstPart() > 50);
  EXPECT(store.RowHas(store.state.last.seq, "\"outcome\":\"not-recorded\""));
}

TEST(a_reserve_that_fails_is_told_and_moves_in_steps) {
  FakeClock clock;
  FakeStore store("epoch");
  FakeReserve reserve;
  Ledger ledger(store, reserve, clock);
  EXPECT_EQ(ledger.Open("boot-1"), Status::kOk);
  for (uint64_t part = 0; part <= 10 * kReserveStep; ++part) EXPECT_EQ(ledger.Use(part), Status::kOk);
  EXPECT_EQ(reserve.count, 10);
  reserve.writes = Status::kDeviceFault;
  EXPECT_EQ(ledger.Use(20 * kReserveStep), Status::kDeviceFault);
  reserve.reads = Status::kDeviceFault;
  Ledger again(store, reserve, clock);
  EXPECT_EQ(again.Open("boot-2"), Status::kDeviceFault);
}
