// What is written to a sector: frames behind each other, each with a CRC over its type, its size, the number of its
// sector and its body. A frame that a power cut tore does not fit its CRC. Threads: pure.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

enum class FrameType : uint8_t { kSector = 1, kRow = 2, kBranch = 3 };

// Type, size and CRC, four bytes each.
inline constexpr size_t kFrameHeadBytes = 12;

struct FrameHead {
  FrameType type;
  uint32_t body_bytes;
  uint32_t crc;
};

// Bytes that a frame takes: the next one begins at a multiple of four.
constexpr size_t FrameBytes(size_t body_bytes) { return (kFrameHeadBytes + body_bytes + 3) / 4 * 4; }

// Completes a frame whose body lies behind room for its head; fills up with 0xFF. Returns its bytes.
size_t SealFrame(uint8_t* frame, FrameType type, uint32_t sector_number, size_t body_bytes);

// False when no frame can begin with these bytes.
bool ReadHead(const uint8_t* bytes, FrameHead* head);

// Whether the body is the one that was written with this head.
bool BodyFits(const FrameHead& head, uint32_t sector_number, const uint8_t* body);

}  // namespace linegate
