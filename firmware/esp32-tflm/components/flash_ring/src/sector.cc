#include "sector.h"

#include <string.h>

namespace linegate {
namespace {

// Text of at most `room` - 1 bytes, behind its length.
void PutName(ByteWriter* writer, const char* name, size_t room) {
  const size_t size = TextBytes(name, room - 1);
  writer->U8(static_cast<uint8_t>(size));
  writer->Bytes(name, size);
}

bool TakeName(ByteReader* reader, char* name, size_t room) {
  const size_t size = reader->U8();
  memset(name, 0, room);
  if (size >= room) return false;
  reader->Bytes(name, size);
  return reader->Fits();
}

void PutFold(ByteWriter* writer, const Fold& fold) {
  writer->U64(fold.from);
  writer->U64(fold.to);
  if (fold.from == 0) return;
  writer->Bytes(fold.before, kRowHashBytes);
  writer->Bytes(fold.hash, kRowHashBytes);
  writer->U8(static_cast<uint8_t>(fold.count_of_counts));
  for (size_t i = 0; i < fold.count_of_counts; ++i) {
    PutName(writer, fold.counts[i].name, sizeof fold.counts[i].name);
    writer->U32(fold.counts[i].count);
  }
}

bool TakeFold(ByteReader* reader, Fold* fold) {
  *fold = Fold{};
  fold->from = reader->U64();
  fold->to = reader->U64();
  if (fold->from == 0) return reader->Fits();
  reader->Bytes(fold->before, kRowHashBytes);
  reader->Bytes(fold->hash, kRowHashBytes);
  const size_t counts = reader->U8();
  if (counts > kMostCounts || fold->from > fold->to) return false;
  for (size_t i = 0; i < counts; ++i) {
    if (!TakeName(reader, fold->counts[i].name, sizeof fold->counts[i].name)) return false;
    fold->counts[i].count = reader->U32();
  }
  fold->count_of_counts = counts;
  return reader->Fits();
}

}  // namespace

void PutMark(ByteWriter* writer, const RowMark& mark) {
  writer->U64(mark.seq);
  writer->U32(mark.session);
  writer->U8(mark.closed == 0 ? 0 : 1);
  writer->U64(mark.explained_to);
  writer->U64(mark.explained_above);
  writer->U64(mark.reserved);
  writer->U64(static_cast<uint64_t>(mark.wall_ms));
  writer->Bytes(mark.hash, kRowHashBytes);
  PutName(writer, mark.counted_as, sizeof mark.counted_as);
}

bool TakeMark(ByteReader* reader, RowMark* mark) {
  *mark = RowMark{};
  mark->seq = reader->U64();
  mark->session = reader->U32();
  mark->closed = reader->U8();
  mark->explained_to = reader->U64();
  mark->explained_above = reader->U64();
  mark->reserved = reader->U64();
  mark->wall_ms = static_cast<int64_t>(reader->U64());
  reader->Bytes(mark->hash, kRowHashBytes);
  return TakeName(reader, mark->counted_as, sizeof mark->counted_as);
}

void PutLineage(ByteWriter* writer, const Lineage& lineage) {
  writer->Bytes(lineage.epoch, kEpochBytes - 1);
  writer->Bytes(lineage.parent, kEpochBytes - 1);
  writer->Bytes(lineage.first, kEpochBytes - 1);
  writer->U64(lineage.parent_seq);
}

void TakeLineage(ByteReader* reader, Lineage* lineage) {
  *lineage = Lineage{};
  reader->Bytes(lineage->epoch, kEpochBytes - 1);
  reader->Bytes(lineage->parent, kEpochBytes - 1);
  reader->Bytes(lineage->first, kEpochBytes - 1);
  lineage->parent_seq = reader->U64();
}

void PutSectorHead(ByteWriter* writer, const SectorHead& head) {
  writer->U32(head.number);
  PutMark(writer, head.last);
  writer->U64(head.acked_seq);
  PutLineage(writer, head.lineage);
  PutFold(writer, head.fold);
}

bool TakeSectorHead(ByteReader* reader, SectorHead* head) {
  *head = SectorHead{};
  head->number = reader->U32();
  if (!TakeMark(reader, &head->last)) return false;
  head->acked_seq = reader->U64();
  TakeLineage(reader, &head->lineage);
  return TakeFold(reader, &head->fold) && head->number > 0;
}

}  // namespace linegate
