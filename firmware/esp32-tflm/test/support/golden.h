// Reads the golden files of test/golden: lines of fields, apart by tabs. On bare metal through semihosting.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

namespace linegate::test {

class Golden {
 public:
  // A file below test/golden. A failure of the test where it is not there or empty.
  explicit Golden(const char* name);
  ~Golden();
  Golden(const Golden&) = delete;
  Golden& operator=(const Golden&) = delete;

  // The next line; false at the end.
  bool Next();
  int Line() const { return line_; }
  size_t Count() const { return count_; }
  // A field of the line; empty where there are fewer.
  const char* Text(size_t field) const { return field < count_ ? fields_[field] : ""; }
  bool Is(size_t field, const char* text) const;
  int64_t Integer(size_t field) const;
  // 16 hexadecimal digits.
  double Real(size_t field) const;

 private:
  static constexpr size_t kMostFields = 80;
  static constexpr size_t kMostBytes = 4096;

  FILE* file_;
  int line_ = 0;
  size_t count_ = 0;
  const char* fields_[kMostFields] = {};
  char text_[kMostBytes] = {};
};

// Bytes of a file below test/golden into memory of exactly its size, to be given back with free; null where it is not
// there.
uint8_t* ReadGolden(const char* name, size_t* size_bytes);

// The bytes that hexadecimal digits mean; how many.
size_t FromHex(const char* digits, char* bytes, size_t capacity);

}  // namespace linegate::test
