#include "linegate/batch.h"

#include <string.h>

#include "linegate/core/json.h"
#include "linegate/core/row.h"

namespace linegate {
namespace {

constexpr char kRows[] = ",\"rows\":";
constexpr size_t kHex = kHashTextBytes - 1;

// Text behind text. What does not fit makes Fits false.
class Text {
 public:
  Text(char* text, size_t capacity) : text_(text), capacity_(capacity) {}
  void Put(const char* more) { Put(more, strlen(more)); }
  void Put(const char* more, size_t size) {
    if (size > capacity_ - size_) {
      fits_ = false;
      return;
    }
    memcpy(text_ + size_, more, size);
    size_ += size;
  }
  void Number(uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;
    do {
      digits[--at] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value > 0);
    Put(digits + at, sizeof digits - at);
  }
  char* At() { return text_ + size_; }
  size_t Left() const { return capacity_ - size_; }
  size_t Size() const { return size_; }
  void Advance(size_t size) { size_ += size; }
  bool Fits() const { return fits_; }

 private:
  char* text_;
  size_t capacity_;
  size_t size_ = 0;
  bool fits_ = true;
};

// Names in the order of canonical JSON. They are ASCII, or the order would be one by UTF-16 units.
void Sort(RowCount* counts, size_t count) {
  for (size_t i = 1; i < count; ++i) {
    const RowCount moved = counts[i];
    size_t at = i;
    for (; at > 0 && strcmp(counts[at - 1].name, moved.name) > 0; --at) counts[at] = counts[at - 1];
    counts[at] = moved;
  }
}

size_t WriteSpan(OutboxItem* item, char* text, size_t capacity) {
  Hash hash{};
  memcpy(hash.bytes, item->hash, kRowHashBytes);
  char hex[kHashTextBytes];
  HexOf(hash, hex);
  Sort(item->counts, item->count_of_counts);
  Json json(text, capacity);
  json.BeginObject().Key("counts").BeginObject();
  for (size_t i = 0; i < item->count_of_counts; ++i) {
    json.Key(item->counts[i].name).Integer(item->counts[i].count);
  }
  json.EndObject().Key("hash").String(hex).Key("kind").String("folded");
  json.Key("seq").Integer(static_cast<int64_t>(item->seq)).Key("to").Integer(static_cast<int64_t>(item->to));
  json.EndObject();
  return json.Ok() ? json.SizeBytes() : 0;
}

// Writes an item; 0 bytes when it does not fit.
Status WriteItem(Outbox& outbox, uint64_t seq, OutboxItem* item, char* text, size_t capacity, size_t* size_bytes) {
  *size_bytes = 0;
  const Status read = outbox.Item(seq, item, text, capacity);
  if (read == Status::kNoSpace) return Status::kOk;
  if (read != Status::kOk) return read;
  *size_bytes = item->folded ? WriteSpan(item, text, capacity) : item->text_bytes;
  return Status::kOk;
}

Status HashBefore(Outbox& outbox, const OutboxState& state, uint64_t seq, char hex[kHashTextBytes]) {
  Hash hash = Genesis(state.first_epoch);
  if (seq > 1) {
    const Status found = outbox.HashAt(seq - 1, hash.bytes);
    if (found != Status::kOk) return found;
  }
  HexOf(hash, hex);
  return Status::kOk;
}

// Adds the item that holds `seq` to a list of `items`, if it fits and belongs to it; false when the list ends before
// it. A span that ends behind `to` goes with the next batch, unless it is what this one begins with.
bool AddItem(Outbox& outbox, uint64_t seq, uint64_t to, size_t items, Text* text, OutboxItem* item, Status* status) {
  const size_t comma = items > 0 ? 1 : 0;
  // Two bytes for what ends the batch.
  if (text->Left() < comma + 3) return false;
  size_t size = 0;
  *status = WriteItem(outbox, seq, item, text->At() + comma, text->Left() - comma - 2, &size);
  if (*status != Status::kOk || size == 0) return false;
  if (items > 0 && (item->to > to || item->seq < seq)) return false;
  if (items > 0) text->Put(",");
  text->Advance(size);
  return true;
}

// The rows between their brackets.
Status WriteRows(Outbox& outbox, Range rows, Text* text, Range* sent) {
  OutboxItem item{};
  Status status = Status::kOk;
  *sent = {0, 0};
  size_t items = 0;
  text->Put("[");
  for (uint64_t seq = rows.from; seq <= rows.to && items < kMostBatchItems; seq = item.to + 1) {
    if (!AddItem(outbox, seq, rows.to, items, text, &item, &status)) break;
    if (items == 0) sent->from = item.seq;
    sent->to = item.to;
    ++items;
  }
  text->Put("]");
  if (items > 0) return Status::kOk;
  return status == Status::kOk ? Status::kNoSpace : status;
}

}  // namespace

Status WriteBatch(Outbox& outbox, Range rows, char* text, size_t capacity, size_t* size_bytes, Range* sent) {
  OutboxState state{};
  Status status = outbox.State(&state);
  if (status != Status::kOk) return status;
  OutboxItem first{};
  size_t first_bytes = 0;
  status = WriteItem(outbox, rows.from, &first, text, capacity, &first_bytes);
  if (status != Status::kOk) return status;
  if (first_bytes == 0) return Status::kNoSpace;
  char hex[kHashTextBytes];
  status = HashBefore(outbox, state, first.seq, hex);
  if (status != Status::kOk) return status;
  Text whole(text, capacity);
  whole.Put("{\"v\":1,\"epoch\":\"");
  whole.Put(state.epoch);
  whole.Put("\",\"s\":");
  whole.Number(first.seq);
  whole.Put(",\"prev\":\"");
  whole.Put(hex);
  whole.Put("\",\"sha256\":\"");
  const size_t sum_at = whole.Size();
  whole.Put(hex);
  whole.Put("\"");
  whole.Put(kRows);
  const size_t rows_at = whole.Size();
  if (!whole.Fits()) return Status::kNoSpace;
  status = WriteRows(outbox, rows, &whole, sent);
  if (status != Status::kOk) return status;
  Sha256 sum;
  sum.Update(text + rows_at, whole.Size() - rows_at);
  whole.Put("}");
  if (!whole.Fits()) return Status::kNoSpace;
  HexOf(sum.Finish(), hex);
  memcpy(text + sum_at, hex, kHex);
  *size_bytes = whole.Size();
  return Status::kOk;
}

}  // namespace linegate
