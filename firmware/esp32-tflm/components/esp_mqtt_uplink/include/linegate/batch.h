// The texts that go up: agent/core/sync/batch.ts. Written in place, row by row, into the memory that is sent.
// Threads: the uplink task.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/outbox.h"
#include "linegate/ranges.h"
#include "linegate/status.h"

namespace linegate {

// Rows and spans of a batch.
inline constexpr size_t kMostBatchItems = 16;

// Writes a batch of the rows `rows`, or of the first of them: as many as fit. `sent` says which; a span may begin
// before `rows` and end behind it. kNotFound: there are none; kNoSpace: not even the first fits.
Status WriteBatch(Outbox& outbox, Range rows, char* text, size_t capacity, size_t* size_bytes, Range* sent);

}  // namespace linegate
