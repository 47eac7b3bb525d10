#include "linegate/core/sha256.h"

#include <string.h>

namespace linegate {
namespace {

constexpr uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t kStart[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

uint32_t Turned(uint32_t x, unsigned bits) { return x >> bits | x << (32 - bits); }

uint32_t WordOf(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

// The schedule's next word, kept in the last 16.
uint32_t NextWord(uint32_t w[16], unsigned i) {
  const uint32_t a = w[(i + 1) % 16];
  const uint32_t b = w[(i + 14) % 16];
  w[i % 16] += (Turned(a, 7) ^ Turned(a, 18) ^ a >> 3) + w[(i + 9) % 16] + (Turned(b, 17) ^ Turned(b, 19) ^ b >> 10);
  return w[i % 16];
}

}  // namespace

Sha256::Sha256() { memcpy(state_, kStart, sizeof state_); }

void Sha256::Block(const uint8_t* block) {
  uint32_t w[16];
  uint32_t s[8];
  memcpy(s, state_, sizeof s);
  for (unsigned i = 0; i < 64; i++) {
    if (i < 16) w[i] = WordOf(block + size_t{4} * i);
    const uint32_t word = i < 16 ? w[i] : NextWord(w, i);
    const uint32_t sum1 = Turned(s[4], 6) ^ Turned(s[4], 11) ^ Turned(s[4], 25);
    const uint32_t t1 = s[7] + sum1 + ((s[4] & s[5]) ^ (~s[4] & s[6])) + kRound[i] + word;
    const uint32_t sum0 = Turned(s[0], 2) ^ Turned(s[0], 13) ^ Turned(s[0], 22);
    const uint32_t t2 = sum0 + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += t1;
    s[0] = t1 + t2;
  }
  for (unsigned i = 0; i < 8; i++) state_[i] += s[i];
}

void Sha256::Update(const void* bytes, size_t size_bytes) {
  const auto* next = static_cast<const uint8_t*>(bytes);
  total_bytes_ += size_bytes;
  while (size_bytes > 0) {
    const size_t room = sizeof pending_ - pending_bytes_;
    const size_t taken = size_bytes < room ? size_bytes : room;
    memcpy(pending_ + pending_bytes_, next, taken);
    pending_bytes_ += taken;
    next += taken;
    size_bytes -= taken;
    if (pending_bytes_ < sizeof pending_) continue;
    Block(pending_);
    pending_bytes_ = 0;
  }
}

void Sha256::Update(const char* text) { Update(text, strlen(text)); }

Hash Sha256::Finish() {
  const uint64_t bits = total_bytes_ * 8;
  constexpr uint8_t kEnd[64] = {0x80};
  // One bit, then zeros up to eight bytes before the end of a block, then the length.
  Update(kEnd, (pending_bytes_ < 56 ? 56 : 120) - pending_bytes_);
  uint8_t length[8];
  for (unsigned i = 0; i < 8; i++) length[i] = static_cast<uint8_t>(bits >> (56 - 8 * i));
  Update(length, sizeof length);
  Hash hash;
  for (unsigned i = 0; i < kHashBytes; i++) hash.bytes[i] = static_cast<uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  return hash;
}

void HexOf(const Hash& hash, char text[kHashTextBytes]) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < kHashBytes; i++) {
    text[2 * i] = kDigits[hash.bytes[i] >> 4];
    text[2 * i + 1] = kDigits[hash.bytes[i] & 15];
  }
  text[2 * kHashBytes] = '\0';
}

}  // namespace linegate
