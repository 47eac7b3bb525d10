#include <string.h>

#include "frame.h"
#include "linegate/flash_ring.h"
#include "sector.h"

namespace linegate {
namespace {

constexpr uint32_t kFewestSectors = 4;
constexpr uint32_t kSmallestSector = 4096;

}  // namespace

Status FlashRing::Open() {
  const Owned owned(mutex_);
  static_assert(FrameBytes(kMostBodyBytes) <= kBufferBytes, "a frame must fit the buffer");
  const FlashGeometry geometry = flash_.Geometry();
  if (geometry.sector_count < kFewestSectors || geometry.sector_bytes < kSmallestSector) return Status::kBadConfig;
  sector_bytes_ = geometry.sector_bytes;
  sectors_ = geometry.sector_count;
  newest_ = oldest_ = 0;
  cursor_seq_ = 0;
  SectorHead head{};
  FindSectors(&head);
  open_ = true;
  if (newest_ > 0) {
    ReplayNewest(head);
    spare_clean_ = IsClean(SectorAt(newest_ + 1));
    return Status::kOk;
  }
  last_ = RowMark{};
  fold_ = Fold{};
  acked_ = parent_seq_ = 0;
  first_seq_ = 1;
  MakeEpoch(epoch_);
  memset(parent_, 0, sizeof parent_);
  memcpy(first_epoch_, epoch_, sizeof first_epoch_);
  spare_clean_ = IsClean(SectorAt(1));
  const Status begun = BeginSector();
  open_ = begun == Status::kOk;
  return begun;
}

// Random bits as the text of a version 4 UUID.
void FlashRing::MakeEpoch(char* epoch) {
  constexpr char kDigits[] = "0123456789abcdef";
  uint32_t bits = 0;
  unsigned left = 0;
  for (size_t i = 0; i + 1 < kEpochBytes; ++i) {
    if (left == 0) {
      bits = platform_.Random();
      left = 8;
    }
    uint32_t digit = bits & 15U;
    if (i == 14) digit = 4;
    if (i == 19) digit = 8U | (digit & 3U);
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    epoch[i] = dash ? '-' : kDigits[digit];
    bits >>= 4U;
    --left;
  }
  epoch[kEpochBytes - 1] = '\0';
}

bool FlashRing::ReadSectorHead(uint32_t sector, SectorHead* head) {
  const uint32_t at = sector * sector_bytes_ + static_cast<uint32_t>(kCleanMarkBytes);
  FrameHead frame{};
  if (flash_.Read(at, buffer_, kFrameHeadBytes) != Status::kOk || !ReadHead(buffer_, &frame)) return false;
  if (frame.type != FrameType::kSector || frame.body_bytes > kSectorHeadBytes) return false;
  uint8_t* body = buffer_ + kFrameHeadBytes;
  if (flash_.Read(at + static_cast<uint32_t>(kFrameHeadBytes), body, frame.body_bytes) != Status::kOk) return false;
  ByteReader reader(body, frame.body_bytes);
  return TakeSectorHead(&reader, head) && BodyFits(frame, head->number, body) && head->number % sectors_ == sector;
}

bool FlashRing::HeadOf(uint32_t number, SectorHead* head) {
  return ReadSectorHead(SectorAt(number), head) && head->number == number;
}

// The newest sector, and how far back the others belong to it. A damaged one in between is passed over.
void FlashRing::FindSectors(SectorHead* newest) {
  SectorHead head{};
  for (uint32_t sector = 0; sector < sectors_; ++sector) {
    if (ReadSectorHead(sector, &head) && head.number > newest_) newest_ = head.number;
  }
  if (newest_ == 0) return;
  oldest_ = newest_;
  // The place after the newest is the spare's, whatever it still holds.
  for (uint32_t back = 1; back + 1 < sectors_ && back < newest_; ++back) {
    if (HeadOf(newest_ - back, &head)) oldest_ = newest_ - back;
  }
  SettleOldest();
  if (!HeadOf(newest_, newest)) newest_ = 0;
}

// The oldest sector is the first whose head can be read: it says which row comes next.
void FlashRing::SettleOldest() {
  SectorHead head{};
  while (!HeadOf(oldest_, &head) && oldest_ < newest_) ++oldest_;
  first_seq_ = head.last.seq + 1;
}

// Brings the state of the newest sector's head up to its last whole frame.
void FlashRing::ReplayNewest(const SectorHead& head) {
  last_ = head.last;
  acked_ = head.acked_seq;
  fold_ = head.fold;
  memcpy(epoch_, head.lineage.epoch, sizeof epoch_);
  memcpy(parent_, head.lineage.parent, sizeof parent_);
  memcpy(first_epoch_, head.lineage.first, sizeof first_epoch_);
  parent_seq_ = head.lineage.parent_seq;
  Place place{newest_, static_cast<uint32_t>(kCleanMarkBytes)};
  size_t frame_bytes = 0;
  size_t body_bytes = 0;
  uint8_t type = 0;
  while (ReadFrame(place, &frame_bytes, &type, &body_bytes)) {
    ByteReader reader(buffer_ + kFrameHeadBytes, body_bytes);
    RowMark mark{};
    if (type == static_cast<uint8_t>(FrameType::kRow)) {
      if (!TakeMark(&reader, &mark) || mark.seq != last_.seq + 1) break;
      last_ = mark;
      acked_ = reader.U64();
    } else if (type == static_cast<uint8_t>(FrameType::kBranch)) {
      Lineage lineage{};
      TakeLineage(&reader, &lineage);
      memcpy(epoch_, lineage.epoch, sizeof epoch_);
      memcpy(parent_, lineage.parent, sizeof parent_);
      parent_seq_ = acked_ = lineage.parent_seq;
    }
    place.offset += static_cast<uint32_t>(frame_bytes);
  }
  // Behind a torn frame no bit is known to be 1.
  next_offset_ = IsBlank(SectorAt(newest_), place.offset) ? place.offset : sector_bytes_;
  if (fold_.to <= acked_) fold_ = Fold{};
}

bool FlashRing::IsBlank(uint32_t sector, uint32_t from) {
  while (from < sector_bytes_) {
    const size_t bytes = sector_bytes_ - from < kBufferBytes ? sector_bytes_ - from : kBufferBytes;
    if (flash_.Read(sector * sector_bytes_ + from, buffer_, bytes) != Status::kOk) return false;
    for (size_t i = 0; i < bytes; ++i) {
      if (buffer_[i] != 0xFF) return false;
    }
    from += static_cast<uint32_t>(bytes);
  }
  return true;
}

bool FlashRing::IsClean(uint32_t sector) {
  uint8_t mark[kCleanMarkBytes];
  if (flash_.Read(sector * sector_bytes_, mark, sizeof mark) != Status::kOk) return false;
  ByteReader reader(mark, sizeof mark);
  return reader.U32() == kCleanMark && IsBlank(sector, static_cast<uint32_t>(kCleanMarkBytes));
}

}  // namespace linegate
