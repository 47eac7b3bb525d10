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

constexpr uint32_t kNoDigit = 16;

uint32_t HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<uint32_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<uint32_t>(digit - 'a') + 10;
  if (digit >= 'A' && digit <= 'F') return static_cast<uint32_t>(digit - 'A') + 10;
  return kNoDigit;
}

// The size of text that was cut, without the piece of a character at its end.
size_t WholeCharacters(const char* text, size_t size) {
  size_t at = size;
  while (at > 0 && (static_cast<uint8_t>(text[at - 1]) & 0xC0U) == 0x80U) --at;
  const bool leads = at > 0 && (static_cast<uint8_t>(text[at - 1]) & 0x80U) != 0;
  return leads ? at - 1 : at;
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
    const uint32_t value = at_ == end_ ? kNoDigit : HexValue(*at_++);
    if (value == kNoDigit) {
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

// The next character of a string as UTF-8, or one byte of it; 0 bytes at its end and for what no string holds.
size_t JsonReader::Character(char* character) {
  if (at_ == end_ || *at_ == '"') return 0;
  const auto byte = static_cast<uint8_t>(*at_++);
  if (byte == '\\') return Utf8(Escaped(), character);
  character[0] = static_cast<char>(byte);
  if (byte >= 0x20) return 1;
  Fail();
  return 0;
}

void JsonReader::String(char* text, size_t capacity, bool may_cut) {
  size_t size = 0;
  text[0] = '\0';
  if (!Take('"')) return Fail();
  bool cut = false;
  char character[4];
  for (size_t bytes = Character(character); ok_ && bytes > 0; bytes = Character(character)) {
    // A zero would end the text for whoever reads it.
    cut = cut || size + bytes >= capacity || character[0] == '\0';
    if (cut) continue;
    memcpy(text + size, character, bytes);
    size += bytes;
  }
  if (!Take('"') || (cut && !may_cut)) Fail();
  if (cut) size = WholeCharacters(text, size);
  text[ok_ ? size : 0] = '\0';
}

bool JsonReader::Digits() {
  const char* before = at_;
  while (at_ < end_ && IsDigit(*at_)) ++at_;
  return at_ > before;
}

// Takes what may follow the digits of a whole number; false when nothing does.
bool JsonReader::Fraction() {
  if (at_ == end_ || *at_ != '.') return false;
  ++at_;
  if (!Digits()) Fail();
  return true;
}

bool JsonReader::Exponent(bool* down) {
  if (at_ == end_ || (*at_ != 'e' && *at_ != 'E')) return false;
  ++at_;
  *down = at_ < end_ && *at_ == '-';
  if (at_ < end_ && (*at_ == '-' || *at_ == '+')) ++at_;
  if (!Digits()) Fail();
  return true;
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
  const bool fraction = Fraction();
  *exact = *whole <= kMostExact && !fraction;
  bool down = false;
  if (!Exponent(&down)) return;
  *exact = false;
  *whole = down ? 0 : kMostExact + 1;
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

// Takes the beginning of a value: all of it unless it is an object or an array, whose bracket is then remembered.
void JsonReader::SkipInto(char* open, unsigned* depth) {
  Blank();
  const char first = at_ < end_ ? *at_ : '\0';
  if (first != '{' && first != '[') return SkipScalar();
  if (*depth == kMostDepth) return Fail();
  open[(*depth)++] = first;
  Expect(first);
}

// Not recursive: a message could nest deeper than the stack.
void JsonReader::Skip() {
  char open[kMostDepth];
  char nothing[2];
  unsigned depth = 0;
  SkipInto(open, &depth);
  while (ok_ && depth > 0) {
    const bool more = open[depth - 1] == '{' ? NextKey(nothing, sizeof nothing) : NextValue();
    if (more) {
      SkipInto(open, &depth);
    } else {
      --depth;
    }
  }
}

}  // namespace linegate
