// SHA-256 (FIPS 180-4), small and without tables in RAM.
// Threads: one object, one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

inline constexpr size_t kHashBytes = 32;
// As hexadecimal text with its terminating zero.
inline constexpr size_t kHashTextBytes = 2 * kHashBytes + 1;

struct Hash {
  uint8_t bytes[kHashBytes];
};

class Sha256 {
 public:
  Sha256();
  void Update(const void* bytes, size_t size_bytes);
  // The text up to its terminating zero.
  void Update(const char* text);
  // Of all so far; the object is of no more use.
  Hash Finish();

 private:
  void Block(const uint8_t* block);

  uint32_t state_[8];
  uint8_t pending_[64];
  size_t pending_bytes_ = 0;
  uint64_t total_bytes_ = 0;
};

// 64 lower-case digits and a zero.
void HexOf(const Hash& hash, char text[kHashTextBytes]);

}  // namespace linegate
