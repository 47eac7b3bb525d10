// libFuzzer: the input is what lies in the flash, as changes to a store with rows, then operations. Nothing may crash,
// and what is read must be what was written; a CRC over random bytes that fits by chance would show as a failure once
// in 2^32.
#include <stdlib.h>

#include "rows.h"
#include "sim_flash.h"

using namespace linegate;
using namespace linegate::test;

namespace {

struct Input {
  const uint8_t* at;
  size_t left;
  uint8_t Byte() {
    if (left == 0) return 0;
    left--;
    return *at++;
  }
  uint32_t Number() { return static_cast<uint32_t>(Byte() | (Byte() << 8U)); }
};

void Change(SimFlash* flash, Input* input) {
  for (unsigned changes = input->Byte() % 32U; changes > 0; --changes) {
    const uint32_t at = input->Number() % sizeof flash->bytes;
    const uint32_t run = 1U + input->Byte() % 32U;
    const uint8_t value = input->Byte();
    for (uint32_t i = at; i < at + run && i < sizeof flash->bytes; ++i) flash->bytes[i] ^= value;
  }
}

void Check(bool holds) {
  if (!holds) abort();
}

void ReadSome(FlashRing* ring, uint64_t seed, uint64_t seq) {
  char text[kMaxRowBytes];
  OutboxItem item{};
  if (ring->Item(seq, &item, text, sizeof text) == Status::kOk) Check(ItemIsRight(ring, seed, item));
}

// Does what a byte says; false when the power failed.
bool Step(FlashRing* ring, uint64_t seed, Input* input, uint64_t* last) {
  const uint8_t what = input->Byte();
  if (what < 128) {
    const bool stored = AppendRow(ring, seed, *last + 1) == Status::kOk;
    *last += stored ? 1 : 0;
    return stored;
  }
  if (what < 160) return ring->Acknowledge(input->Number() % (*last + 1)) == Status::kOk;
  if (what < 164) return ring->Branch() == Status::kOk;
  ReadSome(ring, seed, 1 + input->Number() % (*last + 1));
  return true;
}

void Operate(FlashRing* ring, uint64_t seed, Input* input) {
  StoreState state{};
  Check(ring->State(&state) == Status::kOk);
  uint64_t last = state.last.seq;
  while (input->left > 0 && Step(ring, seed, input, &last)) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static SimFlash flash;
  static SimFlash filled;
  static bool ready = false;
  constexpr uint64_t kSeed = 3;
  SimPlatform platform;
  SimMutex mutex;
  if (!ready) {
    FlashRing ring(filled, platform, mutex);
    Check(ring.Open() == Status::kOk);
    for (uint64_t seq = 1; seq <= 90; ++seq) Check(AppendRow(&ring, kSeed, seq) == Status::kOk);
    ready = true;
  }
  flash = filled;
  Input input{data, size};
  Change(&flash, &input);
  if (input.Byte() % 2 == 0) flash.cut_at = flash.operations + input.Byte();
  FlashRing ring(flash, platform, mutex);
  if (ring.Open() == Status::kOk) Operate(&ring, kSeed, &input);
  flash.PowerOn();
  FlashRing again(flash, platform, mutex);
  Check(again.Open() == Status::kOk);
  StoreState state{};
  Check(again.State(&state) == Status::kOk);
  Check(WalkOutbox(&again, kSeed, 0, state.last.seq).whole);
  return 0;
}
