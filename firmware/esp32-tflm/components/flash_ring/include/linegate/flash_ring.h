// The ledger of a station on NOR flash: rows behind each other in a ring of sectors, each with a CRC. When the ring is
// full the oldest sector makes room; what no receiver had is then counted and told to it as a span, never dropped
// silently.
//
// A power cut at any moment leaves every row that Append answered with kOk, in order; a row that was half written is
// passed over. One sector is always erased ahead; the sector that comes next is begun, with the counts of what makes
// room for it, before that is erased. Sectors are erased strictly in turn, so they wear evenly.
//
// Memory: about 4 kB within the object, nothing allocated. Open reads the head of each sector twice and one sector
// whole. Flash: four sectors at least, of 4,096 bytes or more. Erasing stops code that runs from flash on some chips
// for up to 400 ms: what moves the gate must run from RAM. Threads: Append from the station task, the others from the
// uplink task too; the mutex keeps them apart. None from interrupts.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/flash.h"
#include "linegate/fold.h"
#include "linegate/mutex.h"
#include "linegate/outbox.h"
#include "linegate/platform.h"
#include "linegate/record_store.h"

namespace linegate {

struct SectorHead;

class FlashRing final : public RecordStore, public Outbox {
 public:
  FlashRing(Flash& flash, Platform& platform, Mutex& mutex) : flash_(flash), platform_(platform), mutex_(mutex) {}

  // kBadConfig: sectors too few or too small. Writes only to a store without any valid sector: the first one.
  Status Open() override;
  Status State(StoreState* state) override;
  // kIllegalInput: text of 0 or more than kMaxRowBytes, or a seq that does not follow; kDeviceFault: the flash fails.
  Status Append(const RowMark& mark, const char* text, size_t size_bytes) override;
  Status Read(uint64_t seq, char* text, size_t capacity, size_t* size_bytes, RowMark* mark) override;
  Status Acknowledge(uint64_t seq) override;

  Status State(OutboxState* state) override;
  Status Item(uint64_t seq, OutboxItem* item, char* text, size_t capacity) override;
  Status HashAt(uint64_t seq, uint8_t* hash) override;
  Status Branch() override;

 private:
  static constexpr size_t kBufferBytes = 1800;

  // Where a frame lies.
  struct Place {
    uint32_t number;
    uint32_t offset;
  };

  uint32_t SectorAt(uint32_t number) const { return number % sectors_; }
  uint32_t AddressOf(Place place) const { return SectorAt(place.number) * sector_bytes_ + place.offset; }

  // Opening. None of these writes.
  bool ReadSectorHead(uint32_t sector, SectorHead* head);
  bool HeadOf(uint32_t number, SectorHead* head);
  void FindSectors(SectorHead* newest);
  void SettleOldest();
  void ReplayNewest(const SectorHead& head);
  bool IsBlank(uint32_t sector, uint32_t from);
  bool IsClean(uint32_t sector);
  void MakeEpoch(char* epoch);

  // Writing.
  Status MakeClean(uint32_t sector);
  Status BeginSector();
  Status BeginSectorOnce(const SectorHead& head);
  Status WriteFrame(size_t frame_bytes);
  Status ProgramChecked(uint32_t address, size_t size_bytes);
  Status MakeRoom(size_t body_bytes);
  void FoldIn(uint32_t number, const SectorHead& begun, Fold* fold);
  void CountRows(uint32_t number, uint64_t rows, Fold* fold);

  // Reading: what lies at a place is in the buffer afterwards.
  bool ReadFrame(Place place, size_t* frame_bytes, uint8_t* type, size_t* body_bytes);
  bool FindRow(uint64_t seq, RowMark* mark, const uint8_t** text, size_t* text_bytes);
  bool SectorOf(uint64_t seq, uint32_t* number, SectorHead* head);
  bool SectorAmongAll(uint64_t seq, uint32_t* number, SectorHead* head);
  void LostSpan(uint64_t seq, OutboxItem* item);
  void OldestSpan(uint64_t seq, OutboxItem* item);
  bool NextSector(uint64_t seq, Place* place);
  bool NextRow(uint64_t seq, Place* place, RowMark* mark, size_t* body_bytes);
  bool HashBeforeSector(uint64_t seq, uint8_t* hash);
  bool FindHash(uint64_t seq, uint8_t* hash);
  uint64_t FirstSeq();

  Flash& flash_;
  Platform& platform_;
  Mutex& mutex_;

  uint32_t sector_bytes_ = 0;
  uint32_t sectors_ = 0;
  bool open_ = false;
  // Sector numbers in use; 0 when there are none.
  uint32_t oldest_ = 0;
  uint32_t newest_ = 0;
  // Where the next frame of the newest sector goes; the end of the sector when nothing more may be written to it.
  uint32_t next_offset_ = 0;
  // The sector after the newest is erased.
  bool spare_clean_ = false;

  char epoch_[kEpochBytes] = {};
  char parent_[kEpochBytes] = {};
  char first_epoch_[kEpochBytes] = {};
  uint64_t parent_seq_ = 0;
  RowMark last_ = {};
  uint64_t acked_ = 0;
  uint64_t first_seq_ = 1;
  Fold fold_ = {};

  // Behind the row that was read last: nearly always the next one to be read.
  Place cursor_ = {};
  uint64_t cursor_seq_ = 0;

  uint8_t buffer_[kBufferBytes] = {};
};

}  // namespace linegate
