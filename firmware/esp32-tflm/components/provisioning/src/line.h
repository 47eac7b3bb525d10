// Reads the flat JSON objects of the provisioning conversation, in place.
#pragma once

#include <stddef.h>

namespace linegate::provisioning {

// Points into the line; not told: null.
struct Line {
  const char* op = nullptr;
  const char* key = nullptr;
  const char* value = nullptr;
  size_t value_bytes = 0;
};

// True when `text` is one object whose members are strings of these three names, each at most once. Unescapes in place
// and ends each string with a zero.
bool ReadLine(char* text, size_t size_bytes, Line* line);

}  // namespace linegate::provisioning
