// CRC-32 as in IEEE 802.3 (zlib's). Threads: pure.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

// The sum of `bytes` after what `before` already sums; 0 begins.
uint32_t Crc32(uint32_t before, const void* bytes, size_t size_bytes);

}  // namespace linegate
