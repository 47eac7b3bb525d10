// Rows of the ledger: their text and their place in the hash chain, byte for byte those of agent/core/ledger.
// Threads: values and pure functions.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/core/sha256.h"
#include "linegate/status.h"

namespace linegate {

struct Row {
  // 1, 2, 3, ... without holes.
  uint64_t seq;
  uint32_t session;
  // `part`, `event`, `gap` or `session`.
  const char* kind;
  double mono_ms;
  double wall_ms;
  // 0: of no part.
  uint64_t part;
  const char* outcome;
  // Below 0: none.
  double score;
  // Name and version of the recipe, as `name@version`; null: none.
  const char* recipe;
  // Canonical JSON of an object.
  const char* payload;
};

// What the chain of a new store hangs on.
Hash Genesis(const char* epoch);

// The hash of a row that follows one with hash `previous`. `scratch` is overwritten. kNoSpace: it is too small.
Status ChainHash(const Hash& previous, const Row& row, char* scratch, size_t scratch_bytes, Hash* hash);

// The row as it travels in a batch: canonical JSON of WireRow (agent/core/sync/protocol.ts). kNoSpace: `capacity` is
// too small.
Status WireText(const Row& row, const Hash& hash, char* text, size_t capacity, size_t* size_bytes);

}  // namespace linegate
