// What a receiver has committed: WireAck of agent/core/sync/protocol.ts, as far as a board needs it.
// Threads: pure.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/outbox.h"
#include "linegate/ranges.h"
#include "linegate/status.h"

namespace linegate {

inline constexpr size_t kMostRejects = 8;
// The beginning of why the first rows were not taken, for logs.
inline constexpr size_t kDetailBytes = 160;
// Names of hellos, with the terminating zero.
inline constexpr size_t kHelloBytes = 24;

enum class RejectReason : uint8_t { kConflict, kCorrupt, kOther };

struct Reject {
  Range range;
  RejectReason reason;
};

struct Ack {
  char epoch[kEpochBytes];
  // The hello that this answers; empty for the answer to a batch.
  char hello[kHelloBytes];
  bool answers_hello;
  Ranges ranges;
  uint64_t max_contig;
  bool has_head;
  uint8_t head[kRowHashBytes];
  uint32_t credit;
  uint32_t retry_ms;
  size_t reject_count;
  Reject rejects[kMostRejects];
  char detail[kDetailBytes];
};

// Reads the text of an ack. kCorrupt: it is none of version 1. Of more ranges or rejects than there is room for the
// first are kept: rows that are then sent again do no harm.
Status ReadAck(const char* text, size_t size_bytes, Ack* ack);

}  // namespace linegate
