// Which part numbers a row or a gap stands for: all up to one, and some of the 64 above it.
// Threads: values.
#pragma once

#include <stdint.h>

namespace linegate {

class Explained {
 public:
  static constexpr uint64_t kWindow = 64;

  Explained() = default;
  Explained(uint64_t to, uint64_t above) : to_(to), above_(above) { Settle(); }

  uint64_t To() const { return to_; }
  uint64_t Above() const { return above_; }
  bool Has(uint64_t part) const { return part <= to_ || (Fits(part) && (above_ >> (part - to_ - 1) & 1) != 0); }
  // Whether Add can take it.
  bool Fits(uint64_t part) const { return part <= to_ + kWindow; }
  void Add(uint64_t part) {
    if (part <= to_ || !Fits(part)) return;
    above_ |= UINT64_C(1) << (part - to_ - 1);
    Settle();
  }
  // All numbers up to this one.
  void AddUpTo(uint64_t part) {
    if (part <= to_) return;
    const uint64_t step = part - to_;
    above_ = step < kWindow ? above_ >> step : 0;
    to_ = part;
    Settle();
  }
  uint64_t Highest() const {
    uint64_t highest = to_;
    for (uint64_t i = 0; i < kWindow; i++) {
      if ((above_ >> i & 1) != 0) highest = to_ + 1 + i;
    }
    return highest;
  }

 private:
  void Settle() {
    while ((above_ & 1) != 0) {
      above_ >>= 1;
      to_++;
    }
  }

  uint64_t to_ = 0;
  uint64_t above_ = 0;
};

}  // namespace linegate
