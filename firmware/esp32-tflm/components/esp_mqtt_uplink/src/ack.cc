#include "linegate/ack.h"

#include <string.h>

#include "linegate/json_reader.h"

namespace linegate {
namespace {

constexpr size_t kLongestKey = 12;
constexpr uint32_t kMostCredit = 10000;
constexpr uint32_t kShortestRetryMs = 100;
constexpr uint32_t kLongestRetryMs = 3600000;

enum Field : unsigned {
  kVersion = 1,
  kEpoch = 2,
  kHello = 4,
  kRanges = 8,
  kMaxContig = 16,
  kHead = 32,
  kCredit = 64,
  kRetryMs = 128,
  kRejects = 256,
  kAll = 511,
};

// Behind `last`, and not touching it.
bool ReadRange(JsonReader* json, uint64_t last, Range* range) {
  json->BeginArray();
  if (json->NextValue()) range->from = json->Count();
  if (json->NextValue()) range->to = json->Count();
  if (json->NextValue()) return false;
  const bool apart = last == 0 || range->from > last + 1;
  return json->Ok() && range->from > 0 && range->from <= range->to && apart;
}

bool ReadRanges(JsonReader* json, Ranges* ranges) {
  uint64_t last = 0;
  for (json->BeginArray(); json->NextValue();) {
    Range range{};
    if (!ReadRange(json, last, &range)) return false;
    last = range.to;
    if (ranges->Count() < kMostRanges) ranges->Add(range);
  }
  return json->Ok();
}

RejectReason ReasonOf(const char* word) {
  if (strcmp(word, "conflict") == 0) return RejectReason::kConflict;
  return strcmp(word, "corrupt") == 0 ? RejectReason::kCorrupt : RejectReason::kOther;
}

bool ReadReject(JsonReader* json, Reject* reject, char* detail) {
  char key[kLongestKey];
  char reason[kLongestKey] = "";
  unsigned seen = 0;
  for (json->BeginObject(); json->NextKey(key, sizeof key);) {
    if (strcmp(key, "from") == 0) {
      reject->range.from = json->Count();
      seen |= 1U;
    } else if (strcmp(key, "to") == 0) {
      reject->range.to = json->Count();
      seen |= 2U;
    } else if (strcmp(key, "reason") == 0) {
      json->String(reason, sizeof reason, true);
      seen |= 4U;
    } else if (strcmp(key, "detail") == 0) {
      json->String(detail, kDetailBytes, true);
    } else {
      json->Skip();
    }
  }
  reject->reason = ReasonOf(reason);
  return json->Ok() && seen == 7;
}

bool ReadRejects(JsonReader* json, Ack* ack) {
  char unused[kDetailBytes];
  for (json->BeginArray(); json->NextValue();) {
    Reject reject{};
    if (!ReadReject(json, &reject, ack->reject_count == 0 ? ack->detail : unused)) return false;
    if (ack->reject_count < kMostRejects) ack->rejects[ack->reject_count++] = reject;
  }
  return json->Ok();
}

bool HexValue(char digit, unsigned* value) {
  const bool number = digit >= '0' && digit <= '9';
  *value = static_cast<unsigned>(number ? digit - '0' : digit - 'a' + 10);
  return number || (digit >= 'a' && digit <= 'f');
}

bool ReadHash(JsonReader* json, Ack* ack) {
  if (json->IsNull()) return true;
  char text[2 * kRowHashBytes + 1];
  json->String(text, sizeof text, false);
  if (strlen(text) != 2 * kRowHashBytes) return false;
  for (size_t i = 0; i < 2 * kRowHashBytes; ++i) {
    unsigned value = 0;
    if (!HexValue(text[i], &value)) return false;
    ack->head[i / 2] = static_cast<uint8_t>((static_cast<unsigned>(ack->head[i / 2]) << 4U) | value);
  }
  ack->has_head = true;
  return true;
}

// A name too long to be one of this station's is none of its own; it is only kept apart from them.
void ReadName(JsonReader* json, char* name, size_t capacity) {
  json->String(name, capacity, true);
  if (strlen(name) + 4 >= capacity && capacity != kEpochBytes) name[0] = '?';
}

void ReadHello(JsonReader* json, Ack* ack) {
  if (json->IsNull()) return;
  ack->answers_hello = true;
  ReadName(json, ack->hello, sizeof ack->hello);
}

unsigned FieldOf(const char* key) {
  static constexpr struct {
    const char* name;
    Field field;
  } kFields[] = {{"v", kVersion},     {"epoch", kEpoch},         {"hello", kHello},
                 {"ranges", kRanges}, {"maxContig", kMaxContig}, {"head", kHead},
                 {"credit", kCredit}, {"retryMs", kRetryMs},     {"reject", kRejects}};
  for (const auto& one : kFields) {
    if (strcmp(key, one.name) == 0) return one.field;
  }
  return 0;
}

bool ReadNumbers(JsonReader* json, unsigned field, Ack* ack) {
  if (field == kVersion) return json->Count() == 1;
  if (field == kMaxContig) {
    ack->max_contig = json->Count();
    return true;
  }
  const uint64_t value = json->Rounded();
  const bool credit = field == kCredit;
  if (credit ? value < 1 || value > kMostCredit : value < kShortestRetryMs || value > kLongestRetryMs) return false;
  (credit ? ack->credit : ack->retry_ms) = static_cast<uint32_t>(value);
  return true;
}

bool ReadField(JsonReader* json, unsigned field, Ack* ack) {
  switch (field) {
    case kEpoch: ReadName(json, ack->epoch, sizeof ack->epoch); return true;
    case kHello: ReadHello(json, ack); return true;
    case kRanges: return ReadRanges(json, &ack->ranges);
    case kHead: return ReadHash(json, ack);
    case kRejects: return ReadRejects(json, ack);
    case kVersion:
    case kMaxContig:
    case kCredit:
    case kRetryMs: return ReadNumbers(json, field, ack);
    default: json->Skip(); return true;
  }
}

}  // namespace

Status ReadAck(const char* text, size_t size_bytes, Ack* ack) {
  *ack = Ack{};
  JsonReader json(text, size_bytes);
  char key[kLongestKey];
  unsigned seen = 0;
  for (json.BeginObject(); json.NextKey(key, sizeof key);) {
    const unsigned field = FieldOf(key);
    // A field that comes twice would mix two answers.
    if ((seen & field) != 0 || !ReadField(&json, field, ack)) return Status::kCorrupt;
    seen |= field;
  }
  return json.AtEnd() && seen == kAll ? Status::kOk : Status::kCorrupt;
}

}  // namespace linegate
