// Canonical JSON, as agent/core/ledger/row.ts writes it: no white space, keys in order, numbers as JavaScript writes
// them. Threads: one object, one thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

// Writes JSON into memory of the caller and keeps it a text with a terminating zero. What does not fit, and keys that
// are not in order, make Ok false; then the text is of no use. Strings are UTF-8.
class Json {
 public:
  // `capacity` with the terminating zero, at least 1.
  Json(char* text, size_t capacity) : text_(text), capacity_(capacity) { text_[0] = '\0'; }

  Json& BeginObject() { return Begin('{'); }
  Json& EndObject() { return End('}'); }
  Json& BeginArray() { return Begin('['); }
  Json& EndArray() { return End(']'); }
  // A key, before its value; greater than the one before in the same object.
  Json& Key(const char* key);

  Json& String(const char* value);
  Json& Number(double value);
  // Up to 2^53, above which JavaScript could not tell it from its neighbours.
  Json& Integer(int64_t value);
  Json& Boolean(bool value) { return Raw(value ? "true" : "false"); }
  Json& Null() { return Raw("null"); }
  // JSON that is canonical already.
  Json& Raw(const char* json);

  bool Ok() const { return ok_ && depth_ == 0; }
  size_t SizeBytes() const { return size_; }

 private:
  static constexpr size_t kMostDepth = 6;

  Json& Begin(char bracket);
  Json& End(char bracket);
  // A comma where one is due.
  void Next();
  void Put(char character);
  void PutText(const char* text);
  void PutString(const char* text);
  void PutEscaped(unsigned char character);

  char* text_;
  size_t capacity_;
  size_t size_ = 0;
  bool ok_ = true;
  bool comma_ = false;
  size_t depth_ = 0;
  // The last key of each open object; null in arrays and at the beginning.
  const char* last_key_[kMostDepth] = {};
};

}  // namespace linegate
