#include "linegate/flash_ring.h"

#include <string.h>

#include "frame.h"
#include "sector.h"

namespace linegate {

Status FlashRing::Append(const RowMark& mark, const char* text, size_t size_bytes) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  if (size_bytes == 0 || size_bytes > kMaxRowBytes || mark.seq != last_.seq + 1) return Status::kIllegalInput;
  // A place of flash that does not take what is written is left behind, once.
  Status written = Status::kDeviceFault;
  for (int tries = 0; tries < 2 && written != Status::kOk; ++tries) {
    const Status room = MakeRoom(kRowHeadBytes + size_bytes);
    if (room != Status::kOk) return room;
    ByteWriter body(buffer_ + kFrameHeadBytes, kBufferBytes - kFrameHeadBytes);
    PutMark(&body, mark);
    body.U64(acked_);
    body.Bytes(text, size_bytes);
    written = WriteFrame(SealFrame(buffer_, FrameType::kRow, newest_, body.Size()));
  }
  if (written == Status::kOk) last_ = mark;
  return written;
}

Status FlashRing::Acknowledge(uint64_t seq) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  if (seq > last_.seq) return Status::kIllegalInput;
  acked_ = seq;
  if (fold_.to <= acked_) fold_ = Fold{};
  return Status::kOk;
}

Status FlashRing::Branch() {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  Lineage lineage{};
  MakeEpoch(lineage.epoch);
  memcpy(lineage.parent, epoch_, sizeof lineage.parent);
  memcpy(lineage.first, first_epoch_, sizeof lineage.first);
  lineage.parent_seq = acked_;
  const Status room = MakeRoom(kLineageBytes);
  if (room != Status::kOk) return room;
  ByteWriter body(buffer_ + kFrameHeadBytes, kBufferBytes - kFrameHeadBytes);
  PutLineage(&body, lineage);
  const Status written = WriteFrame(SealFrame(buffer_, FrameType::kBranch, newest_, body.Size()));
  if (written != Status::kOk) return written;
  memcpy(epoch_, lineage.epoch, sizeof epoch_);
  memcpy(parent_, lineage.parent, sizeof parent_);
  parent_seq_ = lineage.parent_seq;
  return Status::kOk;
}

// Begins another sector where a frame with such a body does not fit this one.
Status FlashRing::MakeRoom(size_t body_bytes) {
  return next_offset_ + FrameBytes(body_bytes) <= sector_bytes_ ? Status::kOk : BeginSector();
}

// Writes the frame in the buffer to the next place. What failed there may be there in part: nothing more is written
// behind it.
Status FlashRing::WriteFrame(size_t frame_bytes) {
  const Status written = ProgramChecked(AddressOf({newest_, next_offset_}), frame_bytes);
  next_offset_ = written == Status::kOk ? next_offset_ + static_cast<uint32_t>(frame_bytes) : sector_bytes_;
  return written;
}

// Programs what is in the buffer and reads it back: worn flash takes a write without complaint and keeps it badly.
Status FlashRing::ProgramChecked(uint32_t address, size_t size_bytes) {
  if (flash_.Program(address, buffer_, size_bytes) != Status::kOk) return Status::kDeviceFault;
  uint8_t back[64];
  for (size_t at = 0; at < size_bytes; at += sizeof back) {
    const size_t bytes = size_bytes - at < sizeof back ? size_bytes - at : sizeof back;
    if (flash_.Read(address + static_cast<uint32_t>(at), back, bytes) != Status::kOk) return Status::kDeviceFault;
    if (memcmp(back, buffer_ + at, bytes) != 0) return Status::kDeviceFault;
  }
  return Status::kOk;
}

Status FlashRing::MakeClean(uint32_t sector) {
  if (flash_.Erase(sector) != Status::kOk) return Status::kDeviceFault;
  ByteWriter mark(buffer_, kCleanMarkBytes);
  mark.U32(kCleanMark);
  return ProgramChecked(sector * sector_bytes_, kCleanMarkBytes);
}

Status FlashRing::BeginSector() {
  const uint32_t number = newest_ + 1;
  SectorHead head{};
  head.number = number;
  head.last = last_;
  head.acked_seq = acked_;
  memcpy(head.lineage.epoch, epoch_, sizeof epoch_);
  memcpy(head.lineage.parent, parent_, sizeof parent_);
  memcpy(head.lineage.first, first_epoch_, sizeof first_epoch_);
  head.lineage.parent_seq = parent_seq_;
  head.fold = fold_;
  // Two sectors of numbers away: the spare's place is taken now, and this one becomes the spare.
  const uint32_t leaving = number + 1 > sectors_ ? number + 1 - sectors_ : 0;
  uint32_t oldest = oldest_ == 0 ? number : oldest_;
  if (leaving > 0 && leaving >= oldest) {
    FoldIn(leaving, head, &head.fold);
    oldest = leaving + 1;
  }
  Status begun = BeginSectorOnce(head);
  if (begun != Status::kOk) begun = BeginSectorOnce(head);
  if (begun != Status::kOk) return begun;
  fold_ = head.fold;
  oldest_ = oldest;
  newest_ = number;
  SettleOldest();
  // Failing is no harm yet: it is tried again when the sector is needed.
  spare_clean_ = MakeClean(SectorAt(number + 1)) == Status::kOk;
  return Status::kOk;
}

Status FlashRing::BeginSectorOnce(const SectorHead& head) {
  const uint32_t sector = SectorAt(head.number);
  if (!spare_clean_ && MakeClean(sector) != Status::kOk) return Status::kDeviceFault;
  // Once something was written it is clean no more, whatever comes of it.
  spare_clean_ = false;
  ByteWriter body(buffer_ + kFrameHeadBytes, kBufferBytes - kFrameHeadBytes);
  PutSectorHead(&body, head);
  const size_t bytes = SealFrame(buffer_, FrameType::kSector, head.number, body.Size());
  const Status written = ProgramChecked(sector * sector_bytes_ + static_cast<uint32_t>(kCleanMarkBytes), bytes);
  if (written == Status::kOk) next_offset_ = static_cast<uint32_t>(kCleanMarkBytes + bytes);
  return written;
}

// Adds to the fold what of a sector that goes no receiver has. `begun`: the head of the sector that takes its place.
void FlashRing::FoldIn(uint32_t number, const SectorHead& begun, Fold* fold) {
  SectorHead next{};
  uint32_t after = number + 1;
  while (after <= newest_ && !HeadOf(after, &next)) ++after;
  const RowMark& end = after <= newest_ ? next.last : begun.last;
  if (end.seq <= acked_) return;
  const uint64_t from = fold->from > 0 ? fold->to + 1 : (acked_ + 1 > first_seq_ ? acked_ + 1 : first_seq_);
  if (end.seq < from) return;
  uint8_t before[kRowHashBytes] = {};
  if (fold->from == 0 && from > 1 && !FindHash(from - 1, before)) return;
  if (fold->from == 0) {
    *fold = Fold{};
    fold->from = from;
    memcpy(fold->before, before, kRowHashBytes);
  }
  CountRows(number, end.seq - from + 1, fold);
  fold->to = end.seq;
  memcpy(fold->hash, end.hash, kRowHashBytes);
}

// Counts the rows of a sector that are not acknowledged, by name; those of `rows` that cannot be read count as
// `unknown`.
void FlashRing::CountRows(uint32_t number, uint64_t rows, Fold* fold) {
  Place place{number, static_cast<uint32_t>(kCleanMarkBytes)};
  size_t frame_bytes = 0;
  size_t body_bytes = 0;
  uint8_t type = 0;
  uint64_t counted = 0;
  while (counted < rows && ReadFrame(place, &frame_bytes, &type, &body_bytes)) {
    ByteReader reader(buffer_ + kFrameHeadBytes, body_bytes);
    RowMark mark{};
    const bool row = type == static_cast<uint8_t>(FrameType::kRow) && TakeMark(&reader, &mark);
    if (row && mark.seq > acked_ && mark.seq >= fold->from) {
      AddToFold(fold, mark.counted_as, 1);
      ++counted;
    }
    place.offset += static_cast<uint32_t>(frame_bytes);
  }
  if (counted < rows) AddToFold(fold, "unknown", static_cast<uint32_t>(rows - counted));
}

}  // namespace linegate
