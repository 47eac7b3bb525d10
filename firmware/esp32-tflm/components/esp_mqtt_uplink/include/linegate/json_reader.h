// Reads JSON in place, value by value, without memory of its own.
// Threads: one object, one task.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

// Once something is not as asked for, Ok is false for good and all that is read is empty.
class JsonReader {
 public:
  JsonReader(const char* text, size_t size_bytes) : at_(text), end_(text + size_bytes) {}

  bool Ok() const { return ok_; }
  // Whether nothing but white space is left.
  bool AtEnd();

  void BeginObject() { Expect('{'); }
  // The next key of an object, into `key`, empty when it is longer; false when the object ends, which takes its end.
  bool NextKey(char* key, size_t capacity);
  void BeginArray() { Expect('['); }
  // Whether another value of an array comes; false when the array ends, which takes its end.
  bool NextValue();

  bool IsNull();
  // Text in UTF-8 with a zero behind it; longer text is cut between characters when `may_cut`, refused otherwise.
  void String(char* text, size_t capacity, bool may_cut);
  // A whole number from 0 to 2^53 - 1.
  uint64_t Count();
  // Any number, cut to a whole one; negative ones are 0, and what is beyond 2^53 is 2^53 - 1.
  uint64_t Rounded();
  // Whatever comes.
  void Skip();

 private:
  static constexpr unsigned kMostDepth = 8;

  void Blank();
  bool Take(char character);
  void Expect(char character);
  void Fail();
  uint32_t Escaped();
  uint32_t Hex4();
  bool Digits();
  bool Fraction();
  bool Exponent(bool* down);
  size_t Character(char* character);
  void SkipInto(char* open, unsigned* depth);
  void Number(bool* negative, uint64_t* whole, bool* exact);
  void Literal(const char* word);
  void SkipScalar();

  const char* at_;
  const char* end_;
  bool ok_ = true;
  // Just behind an opening bracket: no comma comes before the next value.
  bool first_ = false;
};

}  // namespace linegate
