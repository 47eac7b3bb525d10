// NOR flash in memory that loses power in the middle of any write or erase.
#pragma once

#include <stdint.h>
#include <string.h>

#include "linegate/flash.h"
#include "linegate/mutex.h"
#include "linegate/platform.h"
#include "support/test.h"

namespace linegate::test {

inline constexpr uint32_t kSimSectorBytes = 4096;
inline constexpr uint32_t kSimSectors = 8;

class SimFlash final : public Flash {
 public:
  explicit SimFlash(uint64_t seed = 1) : noise_(seed) { memset(bytes, 0xFF, sizeof bytes); }

  FlashGeometry Geometry() override { return {kSimSectorBytes, kSimSectors}; }

  Status Read(uint32_t offset, void* target, size_t size_bytes) override {
    if (offset > sizeof bytes || size_bytes > sizeof bytes - offset) return Status::kIllegalInput;
    if (dead) return Status::kDeviceFault;
    reads += size_bytes;
    memcpy(target, bytes + offset, size_bytes);
    return Status::kOk;
  }

  Status Program(uint32_t offset, const void* source, size_t size_bytes) override {
    if (offset > sizeof bytes || size_bytes > sizeof bytes - offset) return Status::kIllegalInput;
    if (dead) return Status::kDeviceFault;
    if (offset % 4 != 0 || size_bytes % 4 != 0 || weak[offset / kSimSectorBytes]) misuses++;
    const bool cut = operations++ == cut_at;
    const size_t whole = cut ? noise_.Below(size_bytes + 1) : size_bytes;
    const auto* from = static_cast<const uint8_t*>(source);
    for (size_t i = 0; i < size_bytes; ++i) {
      if ((from[i] & ~bytes[offset + i]) != 0) misuses++;
      bytes[offset + i] = static_cast<uint8_t>(bytes[offset + i] & (i < whole ? from[i] : Torn(from[i])));
    }
    if (offset / kSimSectorBytes == broken_sector) bytes[offset] = 0;
    return Ended(cut);
  }

  Status Erase(uint32_t sector) override {
    if (sector >= kSimSectors) return Status::kIllegalInput;
    if (dead) return Status::kDeviceFault;
    const bool cut = operations++ == cut_at;
    erases[sector]++;
    const uint64_t how = noise_.Below(4);
    // What reads as erased after that would not keep what is programmed.
    weak[sector] = cut;
    uint8_t* at = bytes + static_cast<size_t>(sector) * kSimSectorBytes;
    for (size_t i = 0; i < kSimSectorBytes; ++i) {
      // Erased in part: nothing, all (and nobody can tell that it would not last), the beginning, or bits here and
      // there.
      const bool all = !cut || how == 1 || (how == 2 && i < kSimSectorBytes / 3);
      if (all) at[i] = 0xFF;
      if (cut && how == 3) at[i] |= static_cast<uint8_t>(noise_.Next());
    }
    return Ended(cut);
  }

  void PowerOn() {
    dead = false;
    cut_at = UINT64_MAX;
  }

  uint8_t bytes[kSimSectorBytes * kSimSectors];
  uint32_t erases[kSimSectors] = {};
  uint64_t operations = 0;
  uint64_t reads = 0;
  // The write or erase, counted from 0, in which the power fails.
  uint64_t cut_at = UINT64_MAX;
  bool dead = false;
  // Writes that were not aligned, that would have had to set a bit, or that went where erasing had not ended.
  uint32_t misuses = 0;
  uint32_t broken_sector = UINT32_MAX;
  // Sectors whose erasing did not end.
  bool weak[kSimSectors] = {};

 private:
  // The chip programs a page at once: of what was not done, bits here and there may have been.
  uint8_t Torn(uint8_t byte) {
    return noise_.Below(8) == 0 ? static_cast<uint8_t>(byte | noise_.Next()) : uint8_t{0xFF};
  }

  Status Ended(bool cut) {
    if (!cut) return Status::kOk;
    dead = true;
    return Status::kDeviceFault;
  }

  Noise noise_;
};

class SimPlatform final : public Platform {
 public:
  explicit SimPlatform(uint64_t seed = 1) : noise_(seed) {}
  ResetReason Reset() override { return ResetReason::kPowerOn; }
  uint32_t Random() override { return static_cast<uint32_t>(noise_.Next() >> 16U); }
  void FeedWatchdog() override {}
  void SleepMs(uint32_t) override {}
  Status ConfirmUpdate() override { return Status::kOk; }
  void Restart() override {}

 private:
  Noise noise_;
};

class SimMutex final : public Mutex {
 public:
  void Lock() override { held_ ? misuses++ : (held_ = true); }
  void Unlock() override { held_ = false; }
  int misuses = 0;

 private:
  bool held_ = false;
};

}  // namespace linegate::test
