#include "linegate/core/ledger.h"

#include <string.h>

#include "linegate/core/json.h"

namespace linegate {
namespace {

constexpr double kNsPerMs = 1e6;

// `pass` for parts, `event ready` and the like for all others; cut where it is longer than the mark has room.
void CountAs(const Entry& entry, char* text, size_t capacity) {
  const bool part = entry.part != 0;
  const char* pieces[] = {part ? "" : entry.kind, part ? "" : " ", entry.outcome};
  size_t size = 0;
  for (const char* piece : pieces) {
    for (; *piece != '\0' && size + 1 < capacity; piece++) text[size++] = *piece;
  }
  memset(text + size, 0, capacity - size);
}

void PutRange(uint64_t from, uint64_t to, Json* json) {
  json->BeginArray().Integer(static_cast<int64_t>(from)).Integer(static_cast<int64_t>(to)).EndArray();
}

// The numbers from 1 to `up_to` that nothing stands for.
void PutMissing(const Explained& explained, uint64_t up_to, Json* json) {
  json->BeginArray();
  uint64_t from = 0;
  for (uint64_t part = explained.To() + 1; part <= up_to; part++) {
    const bool missing = !explained.Has(part);
    if (missing && from == 0) from = part;
    if (!missing && from != 0) {
      PutRange(from, part - 1, json);
      from = 0;
    }
    // Nothing above the window is explained.
    if (!explained.Fits(part)) break;
  }
  if (from != 0) PutRange(from, up_to, json);
  json->EndArray();
}

const char* HowEnded(const StoreState& state) {
  if (!state.has_rows) return "first";
  return state.last.closed != 0 ? "clean" : "power-cut";
}

}  // namespace

Status Ledger::Open(const char* boot_id) {
  StoreState state = {};
  const Status reserved = reserve_.Read(&reserve_to_);
  first_part_ = reserve_to_ + 1;
  Status status = store_.Open();
  if (status == Status::kOk) status = store_.State(&state);
  if (status != Status::kOk) return status;
  mark_ = state.last;
  // Numbers that were given out before a new store began belong to another one.
  if (!state.has_rows) mark_.explained_to = reserve_to_;
  explained_ = Explained(mark_.explained_to, mark_.explained_above);
  memcpy(hash_.bytes, mark_.hash, sizeof hash_.bytes);
  if (!state.has_rows) hash_ = Genesis(state.epoch);
  open_ = true;
  status = Begin(state, boot_id);
  return status == Status::kOk ? reserved : status;
}

Status Ledger::Begin(const StoreState& state, const char* boot_id) {
  const bool cut = state.has_rows && state.last.closed == 0;
  const uint64_t by_rows = cut ? mark_.reserved : explained_.Highest();
  // Above the rows' word when numbers were given out that no row could tell of, be it that the store took none.
  const uint64_t reserved = by_rows > reserve_to_ ? by_rows : reserve_to_;
  first_part_ = reserved + 1;
  mark_.session++;
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("bootId").String(boot_id).Key("firstPart").Integer(static_cast<int64_t>(first_part_));
  json.Key("previous").String(HowEnded(state));
  if (state.has_rows) json.Key("sinceWallMs").Integer(state.last.wall_ms);
  json.EndObject();
  const Status status = WriteOwn("session", cut ? "restarted" : "started", payload_, explained_);
  if (status != Status::kOk) return status;
  return cut ? WriteGap(reserved, "power-cut", &state.last.wall_ms) : WriteGap(reserved, "not-recorded", nullptr);
}

Status Ledger::Use(uint64_t part) {
  if (part > used_) used_ = part;
  if (used_ + kPartsAhead <= reserve_to_) return Status::kOk;
  const uint64_t up_to = used_ + kPartsAhead + kReserveStep;
  const Status status = reserve_.Write(up_to);
  if (status == Status::kOk) reserve_to_ = up_to;
  return status;
}

Status Ledger::Append(const Entry& entry) {
  if (!open_) return Status::kIllegalInput;
  if (entry.part != 0 && explained_.Has(entry.part)) return Status::kOk;
  Status status = MakeRoom(entry.part);
  if (status == Status::kOk) {
    Explained explained = explained_;
    if (entry.part != 0) explained.Add(entry.part);
    status = Write(entry, explained);
  }
  if (status != Status::kOk) Lose(entry.part);
  return status;
}

// Gaps for parts whose rows were lost, and for those too far back to be remembered one by one.
Status Ledger::MakeRoom(uint64_t part) {
  if (lost_to_ != 0) {
    const Status status = WriteGap(lost_to_, "store-full", nullptr);
    if (status != Status::kOk) return status;
    lost_to_ = 0;
  }
  return explained_.Fits(part) ? Status::kOk : WriteGap(part - Explained::kWindow, "not-recorded", nullptr);
}

void Ledger::Lose(uint64_t part) {
  if (part > lost_to_) lost_to_ = part;
}

Status Ledger::Close() {
  if (!open_) return Status::kOk;
  const uint64_t last = used_ > explained_.Highest() ? used_ : explained_.Highest();
  Status status = MakeRoom(0);
  if (status == Status::kOk) status = WriteGap(last, "not-recorded", nullptr);
  if (status != Status::kOk) return status;
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("lastPart").Integer(static_cast<int64_t>(explained_.Highest())).EndObject();
  mark_.closed = 1;
  status = WriteOwn("session", "stopped", payload_, explained_);
  open_ = false;
  // Nothing above it was given out. Failing costs a gap.
  if (status == Status::kOk) (void)reserve_.Write(explained_.Highest());
  return status;
}

Status Ledger::WriteGap(uint64_t up_to, const char* reason, const int64_t* since_wall_ms) {
  Explained explained = explained_;
  explained.AddUpTo(up_to);
  if (explained.To() == explained_.To()) return Status::kOk;
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("ranges");
  PutMissing(explained_, up_to, &json);
  if (since_wall_ms != nullptr) json.Key("sinceWallMs").Integer(*since_wall_ms);
  json.EndObject();
  return WriteOwn("gap", reason, payload_, explained);
}

Status Ledger::WriteOwn(const char* kind, const char* outcome, const char* payload, const Explained& explained) {
  const double mono_ms = static_cast<double>(clock_.NowNs()) / kNsPerMs;
  const auto wall_ms = static_cast<double>(clock_.WallMs());
  return Write({kind, mono_ms, wall_ms, 0, outcome, -1, nullptr, payload}, explained);
}

Status Ledger::Write(const Entry& entry, const Explained& explained) {
  const Row row = {mark_.seq + 1, mark_.session, entry.kind,  entry.mono_ms, entry.wall_ms,
                   entry.part,    entry.outcome, entry.score, entry.recipe,  entry.payload};
  Hash hash = {};
  Status status = ChainHash(hash_, row, text_, sizeof text_, &hash);
  size_t size_bytes = 0;
  if (status == Status::kOk) status = WireText(row, hash, text_, sizeof text_, &size_bytes);
  if (status != Status::kOk) return status;
  RowMark mark = mark_;
  mark.seq = row.seq;
  mark.explained_to = explained.To();
  mark.explained_above = explained.Above();
  const uint64_t reserved = explained.Highest() + kSpareParts;
  if (reserved > mark.reserved) mark.reserved = reserved;
  mark.wall_ms = static_cast<int64_t>(entry.wall_ms);
  memcpy(mark.hash, hash.bytes, sizeof mark.hash);
  CountAs(entry, mark.counted_as, sizeof mark.counted_as);
  status = store_.Append(mark, text_, size_bytes);
  if (status != Status::kOk) return status;
  mark_ = mark;
  mark_.closed = 0;
  hash_ = hash;
  explained_ = explained;
  return Status::kOk;
}

}  // namespace linegate
