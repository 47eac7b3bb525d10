#include <string.h>

#include "frame.h"
#include "linegate/flash_ring.h"
#include "sector.h"

namespace linegate {
namespace {

void CountUnknown(uint64_t rows, OutboxItem* item) {
  memcpy(item->counts[0].name, "unknown", sizeof "unknown");
  item->counts[0].count = static_cast<uint32_t>(rows);
  item->count_of_counts = 1;
}

}  // namespace

Status FlashRing::State(StoreState* state) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  *state = StoreState{};
  memcpy(state->epoch, epoch_, sizeof state->epoch);
  state->has_rows = last_.seq > 0;
  state->last = last_;
  state->first_seq = FirstSeq();
  state->acked_seq = acked_;
  // Rows that wait stand for all there are: those of a ring lie evenly in it.
  const uint64_t from = acked_ + 1 > state->first_seq ? acked_ + 1 : state->first_seq;
  const uint64_t here = last_.seq + 1 - state->first_seq;
  const uint64_t waiting = last_.seq + 1 - from;
  const uint64_t sectors = newest_ - oldest_ + 1;
  state->used_percent = here == 0 ? 0 : static_cast<uint32_t>(waiting * 100 * sectors / here / (sectors_ - 1));
  return Status::kOk;
}

Status FlashRing::State(OutboxState* state) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  *state = OutboxState{};
  memcpy(state->epoch, epoch_, sizeof state->epoch);
  memcpy(state->parent, parent_, sizeof state->parent);
  memcpy(state->first_epoch, first_epoch_, sizeof state->first_epoch);
  state->parent_seq = parent_seq_;
  state->last_seq = last_.seq;
  state->last_is_pass = strcmp(last_.counted_as, "pass") == 0;
  memcpy(state->head, last_.hash, kRowHashBytes);
  state->acked_seq = acked_;
  return Status::kOk;
}

Status FlashRing::Read(uint64_t seq, char* text, size_t capacity, size_t* size_bytes, RowMark* mark) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  const uint8_t* found = nullptr;
  size_t found_bytes = 0;
  if (!FindRow(seq, mark, &found, &found_bytes)) return Status::kNotFound;
  if (found_bytes > capacity) return Status::kNoSpace;
  memcpy(text, found, found_bytes);
  *size_bytes = found_bytes;
  return Status::kOk;
}

Status FlashRing::Item(uint64_t seq, OutboxItem* item, char* text, size_t capacity) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  *item = OutboxItem{};
  if (seq == 0 || seq > last_.seq) return Status::kNotFound;
  const uint8_t* found = nullptr;
  RowMark mark{};
  if (seq < FirstSeq()) {
    OldestSpan(seq, item);
    return Status::kOk;
  }
  if (!FindRow(seq, &mark, &found, &item->text_bytes)) {
    LostSpan(seq, item);
    return Status::kOk;
  }
  if (item->text_bytes > capacity) return Status::kNoSpace;
  memcpy(text, found, item->text_bytes);
  item->seq = item->to = seq;
  memcpy(item->hash, mark.hash, kRowHashBytes);
  return Status::kOk;
}

Status FlashRing::HashAt(uint64_t seq, uint8_t* hash) {
  const Owned owned(mutex_);
  if (!open_) return Status::kUnavailable;
  return seq > 0 && FindHash(seq, hash) ? Status::kOk : Status::kNotFound;
}

uint64_t FlashRing::FirstSeq() { return first_seq_ <= last_.seq ? first_seq_ : last_.seq + 1; }

bool FlashRing::ReadFrame(Place place, size_t* frame_bytes, uint8_t* type, size_t* body_bytes) {
  if (place.offset + kFrameHeadBytes > sector_bytes_) return false;
  const uint32_t at = AddressOf(place);
  FrameHead head{};
  if (flash_.Read(at, buffer_, kFrameHeadBytes) != Status::kOk || !ReadHead(buffer_, &head)) return false;
  if (head.body_bytes > kMostBodyBytes || place.offset + FrameBytes(head.body_bytes) > sector_bytes_) return false;
  uint8_t* body = buffer_ + kFrameHeadBytes;
  if (flash_.Read(at + static_cast<uint32_t>(kFrameHeadBytes), body, head.body_bytes) != Status::kOk) return false;
  *frame_bytes = FrameBytes(head.body_bytes);
  *type = static_cast<uint8_t>(head.type);
  *body_bytes = head.body_bytes;
  return BodyFits(head, place.number, body);
}

// The newest sector that begins before a row ends. Damaged heads cost a look at all of them.
bool FlashRing::SectorOf(uint64_t seq, uint32_t* number, SectorHead* head) {
  uint32_t low = oldest_;
  uint32_t high = newest_;
  while (low < high) {
    const uint32_t middle = low + (high - low + 1) / 2;
    if (!HeadOf(middle, head)) return SectorAmongAll(seq, number, head);
    if (head->last.seq < seq) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  *number = low;
  return HeadOf(low, head) && head->last.seq < seq;
}

bool FlashRing::SectorAmongAll(uint64_t seq, uint32_t* number, SectorHead* head) {
  for (uint32_t at = newest_; at >= oldest_ && at > 0; --at) {
    if (!HeadOf(at, head) || head->last.seq >= seq) continue;
    *number = at;
    return true;
  }
  return false;
}

// Goes on to the next sector when that holds a row; false when the row cannot be found any more.
bool FlashRing::NextSector(uint64_t seq, Place* place) {
  SectorHead next{};
  if (place->number >= newest_ || !HeadOf(place->number + 1, &next) || next.last.seq + 1 > seq) return false;
  *place = {place->number + 1, static_cast<uint32_t>(kCleanMarkBytes)};
  return true;
}

// Reads the next row from a place on, which goes behind it; false when there is none before `seq` is passed.
bool FlashRing::NextRow(uint64_t seq, Place* place, RowMark* mark, size_t* body_bytes) {
  while (true) {
    size_t frame_bytes = 0;
    uint8_t type = 0;
    if (!ReadFrame(*place, &frame_bytes, &type, body_bytes)) {
      if (!NextSector(seq, place)) return false;
      continue;
    }
    place->offset += static_cast<uint32_t>(frame_bytes);
    if (type != static_cast<uint8_t>(FrameType::kRow)) continue;
    ByteReader reader(buffer_ + kFrameHeadBytes, *body_bytes);
    return TakeMark(&reader, mark) && mark->seq <= seq;
  }
}

bool FlashRing::FindRow(uint64_t seq, RowMark* mark, const uint8_t** text, size_t* text_bytes) {
  if (seq < FirstSeq() || seq > last_.seq) return false;
  Place place = cursor_;
  if (cursor_seq_ == 0 || cursor_seq_ > seq || cursor_.number < oldest_) {
    SectorHead head{};
    place.offset = static_cast<uint32_t>(kCleanMarkBytes);
    if (!SectorOf(seq, &place.number, &head)) return false;
  }
  cursor_seq_ = 0;
  size_t body_bytes = 0;
  do {
    if (!NextRow(seq, &place, mark, &body_bytes)) return false;
  } while (mark->seq < seq);
  ByteReader reader(buffer_ + kFrameHeadBytes, body_bytes);
  (void)TakeMark(&reader, mark);
  reader.U64();
  *text = reader.At();
  *text_bytes = reader.Left();
  cursor_ = place;
  cursor_seq_ = seq + 1;
  return reader.Fits();
}

// What was overwritten: the rows that no receiver had, or all from row 1 on where the counts do not reach back so far.
void FlashRing::OldestSpan(uint64_t seq, OutboxItem* item) {
  item->folded = true;
  item->to = FirstSeq() - 1;
  if (fold_.from > 0 && fold_.from <= seq && fold_.to == item->to) {
    item->seq = fold_.from;
    memcpy(item->hash, fold_.hash, kRowHashBytes);
    memcpy(item->counts, fold_.counts, sizeof item->counts);
    item->count_of_counts = fold_.count_of_counts;
    return;
  }
  item->seq = 1;
  FindHash(item->to, item->hash);
  CountUnknown(item->to, item);
}

// Rows that cannot be read any more: up to the next sector whose head says what came before it.
void FlashRing::LostSpan(uint64_t seq, OutboxItem* item) {
  item->folded = true;
  item->seq = seq;
  item->to = last_.seq;
  memcpy(item->hash, last_.hash, kRowHashBytes);
  SectorHead head{};
  for (uint32_t number = oldest_; number <= newest_; ++number) {
    if (!HeadOf(number, &head) || head.last.seq < seq) continue;
    item->to = head.last.seq;
    memcpy(item->hash, head.last.hash, kRowHashBytes);
    break;
  }
  CountUnknown(item->to - seq + 1, item);
}

bool FlashRing::FindHash(uint64_t seq, uint8_t* hash) {
  if (seq == last_.seq && seq > 0) {
    memcpy(hash, last_.hash, kRowHashBytes);
    return true;
  }
  RowMark mark{};
  const uint8_t* text = nullptr;
  size_t text_bytes = 0;
  if (FindRow(seq, &mark, &text, &text_bytes)) {
    memcpy(hash, mark.hash, kRowHashBytes);
    return true;
  }
  const bool ends = fold_.from > 0 && seq == fold_.to;
  if (ends || (fold_.from > 0 && seq + 1 == fold_.from)) {
    memcpy(hash, ends ? fold_.hash : fold_.before, kRowHashBytes);
    return true;
  }
  return HashBeforeSector(seq, hash);
}

// Each sector's head knows the row before it.
bool FlashRing::HashBeforeSector(uint64_t seq, uint8_t* hash) {
  SectorHead head{};
  for (uint32_t number = oldest_; number <= newest_; ++number) {
    if (!HeadOf(number, &head) || head.last.seq != seq) continue;
    memcpy(hash, head.last.hash, kRowHashBytes);
    return true;
  }
  return false;
}

}  // namespace linegate
