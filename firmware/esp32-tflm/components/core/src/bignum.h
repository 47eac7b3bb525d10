// Natural numbers of up to 1280 bits, which is enough for the digits of every double.
// Threads: values, not shared.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

class Bignum {
 public:
  void Set(uint64_t value);
  void ShiftLeft(unsigned bits);
  void Multiply(uint32_t factor);
  // this / divisor, which must be below 10; this becomes the rest.
  int TakeQuotient(const Bignum& divisor);

  // As memcmp: negative, 0 or positive.
  friend int Compare(const Bignum& a, const Bignum& b);
  // Compares a with b + c.
  friend int CompareSum(const Bignum& a, const Bignum& b, const Bignum& c);

 private:
  static constexpr size_t kWords = 40;
  uint32_t WordAt(size_t index) const { return index < size_ ? words_[index] : 0; }
  void Subtract(const Bignum& other);

  // Least significant first; those from size_ on mean nothing.
  uint32_t words_[kWords];
  size_t size_ = 0;
};

}  // namespace linegate
