#include "support/golden.h"

#include <stdlib.h>
#include <string.h>

#include "support/test.h"

namespace linegate::test {
namespace {

FILE* OpenGolden(const char* name) {
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s", LINEGATE_GOLDEN, name);
  FILE* file = fopen(path, "rb");
  if (file == nullptr) Fail(path, 0, "the golden file is there");
  return file;
}

unsigned DigitOf(char digit) { return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

}  // namespace

Golden::Golden(const char* name) : file_(OpenGolden(name)) {}

Golden::~Golden() {
  EXPECT(line_ > 0);
  if (file_ != nullptr) (void)fclose(file_);
}

bool Golden::Next() {
  count_ = 0;
  if (file_ == nullptr || fgets(text_, sizeof text_, file_) == nullptr) return false;
  line_++;
  char* rest = text_;
  rest[strcspn(rest, "\n")] = '\0';
  while (count_ < kMostFields) {
    fields_[count_++] = rest;
    char* tab = strchr(rest, '\t');
    if (tab == nullptr) return true;
    *tab = '\0';
    rest = tab + 1;
  }
  Fail(text_, line_, "the line has that many fields");
  return true;
}

bool Golden::Is(size_t field, const char* text) const { return strcmp(Text(field), text) == 0; }

int64_t Golden::Integer(size_t field) const {
  const char* digit = Text(field);
  const bool negative = *digit == '-';
  int64_t value = 0;
  for (digit += negative ? 1 : 0; *digit != '\0'; digit++) value = 10 * value + (*digit - '0');
  return negative ? -value : value;
}

double Golden::Real(size_t field) const {
  uint64_t bits = 0;
  for (const char* digit = Text(field); *digit != '\0'; digit++) bits = bits << 4 | DigitOf(*digit);
  double value = 0;
  memcpy(&value, &bits, sizeof value);
  return value;
}

uint8_t* ReadGolden(const char* name, size_t* size_bytes) {
  FILE* file = OpenGolden(name);
  if (file == nullptr) return nullptr;
  (void)fseek(file, 0, SEEK_END);
  const long end = ftell(file);
  (void)fseek(file, 0, SEEK_SET);
  const size_t size = end > 0 ? static_cast<size_t>(end) : 0;
  auto* bytes = static_cast<uint8_t*>(malloc(size > 0 ? size : 1));
  *size_bytes = bytes == nullptr ? 0 : fread(bytes, 1, size, file);
  (void)fclose(file);
  return bytes;
}

size_t FromHex(const char* digits, char* bytes, size_t capacity) {
  size_t count = 0;
  for (; digits[0] != '\0' && digits[1] != '\0' && count < capacity; digits += 2) {
    bytes[count++] = static_cast<char>(DigitOf(digits[0]) << 4 | DigitOf(digits[1]));
  }
  return count;
}

}  // namespace linegate::test
