// Puts numbers and bytes behind each other and takes them back, little-endian. Threads: pure.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace linegate {

// Bytes of a text that ends with a zero, or after `most` bytes; not every C library has strnlen.
inline size_t TextBytes(const char* text, size_t most) {
  const void* end = memchr(text, 0, most);
  return end == nullptr ? most : static_cast<size_t>(static_cast<const char*>(end) - text);
}

class ByteWriter {
 public:
  ByteWriter(uint8_t* at, size_t room) : begin_(at), at_(at), left_(room) {}

  void Bytes(const void* source, size_t size_bytes) {
    if (size_bytes > left_) {
      fits_ = false;
      return;
    }
    memcpy(at_, source, size_bytes);
    at_ += size_bytes;
    left_ -= size_bytes;
  }

  void U8(uint8_t value) { Bytes(&value, 1); }

  void U32(uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) U8(static_cast<uint8_t>(value >> shift));
  }

  void U64(uint64_t value) {
    U32(static_cast<uint32_t>(value));
    U32(static_cast<uint32_t>(value >> 32U));
  }

  bool Fits() const { return fits_; }
  size_t Size() const { return static_cast<size_t>(at_ - begin_); }

 private:
  uint8_t* begin_;
  uint8_t* at_;
  size_t left_;
  bool fits_ = true;
};

class ByteReader {
 public:
  ByteReader(const uint8_t* at, size_t size_bytes) : at_(at), left_(size_bytes) {}

  void Bytes(void* target, size_t size_bytes) {
    if (size_bytes > left_) {
      fits_ = false;
      memset(target, 0, size_bytes);
      return;
    }
    memcpy(target, at_, size_bytes);
    at_ += size_bytes;
    left_ -= size_bytes;
  }

  uint8_t U8() {
    uint8_t value = 0;
    Bytes(&value, 1);
    return value;
  }

  uint32_t U32() {
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 32; shift += 8) value |= static_cast<uint32_t>(U8()) << shift;
    return value;
  }

  uint64_t U64() {
    const uint64_t low = U32();
    return low | (static_cast<uint64_t>(U32()) << 32U);
  }

  bool Fits() const { return fits_; }
  const uint8_t* At() const { return at_; }
  size_t Left() const { return left_; }

 private:
  const uint8_t* at_;
  size_t left_;
  bool fits_ = true;
};

}  // namespace linegate
