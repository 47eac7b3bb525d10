#include "linegate/core/json.h"

#include <string.h>

#include "linegate/core/number.h"

namespace linegate {

void Json::Put(char character) {
  if (size_ + 1 >= capacity_) {
    ok_ = false;
    return;
  }
  text_[size_++] = character;
  text_[size_] = '\0';
}

void Json::PutText(const char* text) {
  for (; *text != '\0'; text++) Put(*text);
}

void Json::PutEscaped(unsigned char character) {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr char kShort[] = "\b\t\n\v\f\r";
  constexpr char kNames[] = "btnvfr";
  const char* found = character == '\v' ? nullptr : strchr(kShort, character);
  if (character == '"' || character == '\\') {
    Put('\\');
    Put(static_cast<char>(character));
  } else if (character < 0x20 && character != 0 && found != nullptr) {
    Put('\\');
    Put(kNames[found - kShort]);
  } else if (character < 0x20) {
    PutText("\\u00");
    Put(kDigits[character >> 4]);
    Put(kDigits[character & 15]);
  } else {
    Put(static_cast<char>(character));
  }
}

void Json::PutString(const char* text) {
  Put('"');
  for (; *text != '\0'; text++) PutEscaped(static_cast<unsigned char>(*text));
  Put('"');
}

void Json::Next() {
  if (comma_) Put(',');
  comma_ = true;
}

Json& Json::Begin(char bracket) {
  Next();
  Put(bracket);
  if (depth_ == kMostDepth) {
    ok_ = false;
    return *this;
  }
  last_key_[depth_++] = nullptr;
  comma_ = false;
  return *this;
}

Json& Json::End(char bracket) {
  Put(bracket);
  if (depth_ == 0) {
    ok_ = false;
  } else {
    depth_--;
  }
  comma_ = true;
  return *this;
}

Json& Json::Key(const char* key) {
  Next();
  if (depth_ == 0) {
    ok_ = false;
    return *this;
  }
  const char*& last = last_key_[depth_ - 1];
  // Keys are ASCII, so that their bytes are in the order of UTF-16 units.
  if (last != nullptr && strcmp(last, key) >= 0) ok_ = false;
  last = key;
  PutString(key);
  Put(':');
  comma_ = false;
  return *this;
}

Json& Json::String(const char* value) {
  Next();
  PutString(value);
  return *this;
}

Json& Json::Number(double value) {
  char text[kNumberBytes];
  NumberText(value, text);
  return Raw(text);
}

Json& Json::Integer(int64_t value) {
  char text[21];
  char* digit = text + sizeof text;
  *--digit = '\0';
  const bool negative = value < 0;
  uint64_t rest = negative ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  do {
    *--digit = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) *--digit = '-';
  return Raw(digit);
}

Json& Json::Raw(const char* json) {
  Next();
  PutText(json);
  return *this;
}

}  // namespace linegate
