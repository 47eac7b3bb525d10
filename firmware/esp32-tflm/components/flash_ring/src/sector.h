// The bodies of frames: what a sector begins with, rows, branches. Threads: pure.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "linegate/fold.h"
#include "linegate/outbox.h"
#include "linegate/record_store.h"

namespace linegate {

// Programmed at the beginning of a sector once its erasing has ended: what was erased in part may read as 0xFF, too.
inline constexpr uint32_t kCleanMark = 0x4E4C4331;
inline constexpr size_t kCleanMarkBytes = 4;

// Names of epochs, and where this one branched from.
struct Lineage {
  char epoch[kEpochBytes];
  char parent[kEpochBytes];
  char first[kEpochBytes];
  uint64_t parent_seq;
};

// All that a boot must know when it has nothing but this sector and those after it.
struct SectorHead {
  // 1, 2, 3, ... in the order of use; sector number n lies at place n modulo the count of sectors.
  uint32_t number;
  // Mark of the newest row when the sector was begun; its first row follows that one. All zero when there was none.
  RowMark last;
  uint64_t acked_seq;
  Lineage lineage;
  Fold fold;
};

inline constexpr size_t kMarkBytes = 8 + 4 + 1 + size_t{4} * 8 + kRowHashBytes + 1 + sizeof(RowMark::counted_as);
inline constexpr size_t kLineageBytes = 3 * (kEpochBytes - 1) + 8;
inline constexpr size_t kFoldBytes =
    size_t{2} * 8 + 2 * kRowHashBytes + 1 + kMostCounts * (1 + sizeof(RowMark::counted_as) + 4);
inline constexpr size_t kSectorHeadBytes = 4 + kMarkBytes + 8 + kLineageBytes + kFoldBytes;
// Before the text of a row: its mark and what was acknowledged when it was written.
inline constexpr size_t kRowHeadBytes = kMarkBytes + 8;
inline constexpr size_t kMostBodyBytes =
    kRowHeadBytes + kMaxRowBytes > kSectorHeadBytes ? kRowHeadBytes + kMaxRowBytes : kSectorHeadBytes;

void PutMark(ByteWriter* writer, const RowMark& mark);
// False for what no mark can be; `mark` is then not to be used.
bool TakeMark(ByteReader* reader, RowMark* mark);

void PutLineage(ByteWriter* writer, const Lineage& lineage);
void TakeLineage(ByteReader* reader, Lineage* lineage);

void PutSectorHead(ByteWriter* writer, const SectorHead& head);
bool TakeSectorHead(ByteReader* reader, SectorHead* head);

}  // namespace linegate
