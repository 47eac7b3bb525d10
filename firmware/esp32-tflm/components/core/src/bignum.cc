#include "bignum.h"

namespace linegate {

void Bignum::Set(uint64_t value) {
  for (size_ = 0; value != 0; value >>= 32) words_[size_++] = static_cast<uint32_t>(value);
}

void Bignum::ShiftLeft(unsigned bits) {
  for (; bits >= 31; bits -= 31) Multiply(UINT32_C(1) << 31);
  Multiply(UINT32_C(1) << bits);
}

void Bignum::Multiply(uint32_t factor) {
  uint64_t carry = 0;
  for (size_t i = 0; i < size_; i++) {
    carry += uint64_t{words_[i]} * factor;
    words_[i] = static_cast<uint32_t>(carry);
    carry >>= 32;
  }
  if (carry != 0) words_[size_++] = static_cast<uint32_t>(carry);
}

int Bignum::TakeQuotient(const Bignum& divisor) {
  int quotient = 0;
  while (Compare(*this, divisor) >= 0) {
    Subtract(divisor);
    quotient++;
  }
  return quotient;
}

void Bignum::Subtract(const Bignum& other) {
  uint64_t borrow = 0;
  for (size_t i = 0; i < size_; i++) {
    const uint64_t difference = uint64_t{words_[i]} - other.WordAt(i) - borrow;
    words_[i] = static_cast<uint32_t>(difference);
    borrow = difference >> 63;
  }
  while (size_ > 0 && words_[size_ - 1] == 0) size_--;
}

int Compare(const Bignum& a, const Bignum& b) {
  if (a.size_ != b.size_) return a.size_ < b.size_ ? -1 : 1;
  for (size_t i = a.size_; i-- > 0;) {
    if (a.words_[i] != b.words_[i]) return a.words_[i] < b.words_[i] ? -1 : 1;
  }
  return 0;
}

int CompareSum(const Bignum& a, const Bignum& b, const Bignum& c) {
  size_t size = a.size_ > b.size_ ? a.size_ : b.size_;
  if (c.size_ > size) size = c.size_;
  // From the least significant word up: the highest word that differs decides, and the carry goes with it.
  uint64_t carry = 0;
  int comparison = 0;
  for (size_t i = 0; i < size; i++) {
    carry += uint64_t{b.WordAt(i)} + c.WordAt(i);
    const auto sum = static_cast<uint32_t>(carry);
    carry >>= 32;
    if (a.WordAt(i) != sum) comparison = a.WordAt(i) < sum ? -1 : 1;
  }
  return carry != 0 ? -1 : comparison;
}

}  // namespace linegate
