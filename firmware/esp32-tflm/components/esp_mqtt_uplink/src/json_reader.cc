#include "linegate/json_reader.h"

#include <string.h>

namespace linegate {
namespace {

constexpr uint64_t kMostExact = (uint64_t{1} << 53U) - 1;

// Writes a character as UTF-8; returns its bytes.
size_t Utf8(uint32_t code, char* out) {
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  const size_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  const uint32_t lead = bytes == 2 ? 0xC0U : bytes == 3 ? 0xE0U : 0xF0U;
  for (size_t i = bytes; i-- > 1; code >>= 6U) out[i] = static_cast<char>(0x80U | (code & 0x3FU));
  out[0] = static_cast<char>(lead | code);
  return bytes;
}

bool IsDigit(char character) { return character >= '0' && character <= '9'; }

}  // namespace

void JsonReader::Fail() {
  ok_ = false;
  at_ = end_;
}

void JsonReader::Blank() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

bool JsonReader::Take(char character) {
  Blank();
  if (at_ == end_ || *at_ != character) return false;
  ++at_;
  return true;
}

void JsonReader::Expect(char character) {
  if (!Take(character)) return Fail();
  first_ = true;
}

bool JsonReader::AtEnd() {
  Blank();
  return ok_ && at_ == end_;
}

bool JsonReader::NextKey(char* key, size_t capacity) {
  key[0] = '\0';
  const bool first = first_;
  first_ = false;
  if (!ok_ || Take('}')) return false;
  if (!first && !Take(',')) {
    Fail();
    return false;
  }
  String(key, capacity, true);
  if (!Take(':')) Fail();
  return ok_;
}

bool JsonReader::NextValue() {
  const bool first = first_;
  first_ = false;
  if (!ok_ || Take(']')) return false;
  if (!first && !Take(',')) Fail();
  return ok_;
}

bool JsonReader::IsNull() {
  Blank();
  if (end_ - at_ < 4 || memcmp(at_, "null", 4) != 0) return false;
  at_ += 4;
  return true;
}

uint32_t JsonReader::Hex4() {
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    if (at_ == end_) {
      Fail();
      return 0;
    }
    const char digit = *at_++;
    uint32_t value = 16;
    if (IsDigit(digit)) value = static_cast<uint32_t>(digit - '0');
    if (digit >= 'a' && digit <= 'f') value = static_cast<uint32_t>(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F') value = static_cast<uint32_t>(digit - 'A') + 10;
    if (value > 15) {
      Fail();
      return 0;
    }
    code = code * 16 + value;
  }
  return code;
}

// The character behind a backslash. Half a surrogate pair becomes U+FFFD.
uint32_t JsonReader::Escaped() {
  if (at_ == end_) {
    Fail();
    return 0;
  }
  static constexpr char kFrom[] = "\"\\/bfnrt";
  static constexpr char kTo[] = "\"\\/\b\f\n\r\t";
  const char kind = *at_++;
  const char* known = static_cast<const char*>(memchr(kFrom, kind, sizeof kFrom - 1));
  if (known != nullptr) return static_cast<uint32_t>(kTo[known - kFrom]);
  if (kind != 'u') {
    Fail();
    return 0;
  }
  const uint32_t high = Hex4();
  if (high < 0xD800 || high > 0xDFFF) return high;
  if (high > 0xDBFF || end_ - at_ < 6 || at_[0] != '\\' || at_[1] != 'u') return 0xFFFD;
  const char* before = at_;
  at_ += 2;
  const uint32_t low = Hex4();
  if (low >= 0xDC00 && low <= 0xDFFF) return 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00);
  if (ok_) at_ = before;
  return 0xFFFD;
}

void JsonReader::String(char* text, size_t capacity, bool may_cut) {
  size_t size = 0;
  text[0] = '\0';
  if (!Take('"')) return Fail();
  bool cut = false;
  while (ok_ && at_ < end_ && *at_ != '"') {
    const auto byte = static_cast<uint8_t>(*at_++);
    if (byte < 0x20) return Fail();
    char character[4] = {static_cast<char>(byte)};
    size_t bytes = 1;
    if (byte == '\\') bytes = Utf8(Escaped(), character);
    // A zero would end the text for whoever reads it.
    cut = cut || size + bytes >= capacity || character[0] == '\0';
    if (cut) continue;
    memcpy(text + size, character, bytes);
    size += bytes;
  }
  if (!Take('"') || (cut && !may_cut)) Fail();
  // Not in the middle of a character.
  while (cut && size > 0 && (static_cast<uint8_t>(text[size - 1]) & 0xC0U) == 0x80U) --size;
  if (cut && size > 0 && (static_cast<uint8_t>(text[size - 1]) & 0x80U) != 0) --size;
  text[ok_ ? size : 0] = '\0';
}

bool JsonReader::Digits() {
  const char* before = at_;
  while (at_ < end_ && IsDigit(*at_)) ++at_;
  return at_ > before;
}

void JsonReader::Number(bool* negative, uint64_t* whole, bool* exact) {
  Blank();
  *negative = at_ < end_ && *at_ == '-';
  if (*negative) ++at_;
  const char* digits = at_;
  if (!Digits() || (*digits == '0' && at_ - digits > 1)) return Fail();
  *whole = 0;
  for (const char* digit = digits; digit < at_; ++digit) {
    if (*whole <= kMostExact) *whole = *whole * 10 + static_cast<uint64_t>(*digit - '0');
  }
  *exact = *whole <= kMostExact;
  if (at_ < end_ && *at_ == '.') {
    ++at_;
    if (!Digits()) return Fail();
    *exact = false;
  }
  if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    const bool down = at_ < end_ && *at_ == '-';
    if (at_ < end_ && (*at_ == '-' || *at_ == '+')) ++at_;
    if (!Digits()) return Fail();
    *exact = false;
    *whole = down ? 0 : kMostExact + 1;
  }
}

uint64_t JsonReader::Count() {
  bool negative = false;
  bool exact = false;
  uint64_t whole = 0;
  Number(&negative, &whole, &exact);
  if (ok_ && exact && !(negative && whole > 0)) return whole;
  Fail();
  return 0;
}

uint64_t JsonReader::Rounded() {
  bool negative = false;
  bool exact = false;
  uint64_t whole = 0;
  Number(&negative, &whole, &exact);
  if (!ok_ || negative) return 0;
  return whole <= kMostExact ? whole : kMostExact;
}

void JsonReader::Literal(const char* word) {
  const size_t size = strlen(word);
  if (static_cast<size_t>(end_ - at_) < size || memcmp(at_, word, size) != 0) return Fail();
  at_ += size;
}

void JsonReader::SkipScalar() {
  char nothing[2];
  Blank();
  const char first = at_ < end_ ? *at_ : '\0';
  if (first == '"') return String(nothing, sizeof nothing, true);
  if (first == 't') return Literal("true");
  if (first == 'f') return Literal("false");
  if (first == 'n') return Literal("null");
  Rounded();
}

// Not recursive: a message could nest deeper than the stack.
void JsonReader::Skip() {
  char closing[kMostDepth];
  char nothing[2];
  unsigned depth = 0;
  do {
    Blank();
    const char first = at_ < end_ ? *at_ : '\0';
    if (first == '{' || first == '[') {
      if (depth == kMostDepth) return Fail();
      closing[depth++] = first;
      Expect(first);
    } else {
      SkipScalar();
    }
    while (ok_ && depth > 0) {
      const bool more = closing[depth - 1] == '{' ? NextKey(nothing, sizeof nothing) : NextValue();
      if (more) break;
      --depth;
    }
  } while (ok_ && depth > 0);
}

}  // namespace linegate
