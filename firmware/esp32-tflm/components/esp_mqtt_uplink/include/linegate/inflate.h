// Inflates a zlib stream (RFC 1950, 1951) whose whole output fits the caller's memory, which is its window as well.
// Threads: pure; about 2.5 kB of stack.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// kCorrupt: not a zlib stream, or its Adler-32 does not fit; kNoSpace: more than `capacity` comes out.
Status Inflate(const uint8_t* source, size_t source_bytes, uint8_t* target, size_t capacity, size_t* size_bytes);

}  // namespace linegate
