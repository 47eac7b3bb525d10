#include "frame.h"

#include "bytes.h"
#include "crc32.h"

namespace linegate {
namespace {

constexpr uint32_t kMagic = 0x474C3100;  // "1LG" above the type

uint32_t SumOf(FrameType type, uint32_t body_bytes, uint32_t sector_number, const uint8_t* body) {
  uint8_t about[12];
  ByteWriter writer(about, sizeof about);
  writer.U32(kMagic | static_cast<uint32_t>(type));
  writer.U32(body_bytes);
  writer.U32(sector_number);
  return Crc32(Crc32(0, about, sizeof about), body, body_bytes);
}

}  // namespace

size_t SealFrame(uint8_t* frame, FrameType type, uint32_t sector_number, size_t body_bytes) {
  const auto size = static_cast<uint32_t>(body_bytes);
  ByteWriter writer(frame, kFrameHeadBytes);
  writer.U32(kMagic | static_cast<uint32_t>(type));
  writer.U32(size);
  writer.U32(SumOf(type, size, sector_number, frame + kFrameHeadBytes));
  const size_t whole = FrameBytes(body_bytes);
  for (size_t at = kFrameHeadBytes + body_bytes; at < whole; ++at) frame[at] = 0xFF;
  return whole;
}

bool ReadHead(const uint8_t* bytes, FrameHead* head) {
  ByteReader reader(bytes, kFrameHeadBytes);
  const uint32_t type = reader.U32() ^ kMagic;
  head->body_bytes = reader.U32();
  head->crc = reader.U32();
  if (type < static_cast<uint32_t>(FrameType::kSector) || type > static_cast<uint32_t>(FrameType::kBranch))
    return false;
  head->type = static_cast<FrameType>(type);
  return true;
}

bool BodyFits(const FrameHead& head, uint32_t sector_number, const uint8_t* body) {
  return SumOf(head.type, head.body_bytes, sector_number, body) == head.crc;
}

}  // namespace linegate
