#include "linegate/core/station.h"

namespace linegate {

Station::Station(const StationPorts& ports, LineControl& line, Ledger& ledger, TensorMaker& tensor,
                 const StationConfig& config)
    : ports_(ports),
      line_(line),
      ledger_(ledger),
      config_(config),
      inspector_(ports.clock, ports.frames, tensor, ports.classifier, config.rule, config.frame_window_ns) {}

namespace {

const char* NameOf(ResetReason reason) {
  switch (reason) {
    case ResetReason::kPowerOn: return "power-on";
    case ResetReason::kBrownOut: return "brown-out";
    case ResetReason::kWatchdog: return "watchdog";
    case ResetReason::kPanic: return "panic";
    case ResetReason::kSoftware: return "software";
    case ResetReason::kUpdate: return "update";
    case ResetReason::kUnknown: break;
  }
  return "unknown";
}

}  // namespace

Status Station::Start() {
  Keep(ledger_.Open(config_.boot_id));
  const Status tested = TestModel();
  on_probation_ = ports_.platform.Reset() == ResetReason::kUpdate;
  // An update whose model does not work must not run: the board goes back to the firmware before.
  if (on_probation_ && tested != Status::kOk) ports_.platform.Restart();
  book_.Set(Blame::kCamera, ports_.frames.Open() != Status::kOk);
  camera_faults_ = ports_.frames.Faults();
  config_.calibration.first_part = ledger_.FirstPart();
  // Before the line gives out the first one.
  numbers_fail_ = ledger_.Use(ledger_.FirstPart() - 1) != Status::kOk;
  if (numbers_fail_) book_.Set(Blame::kStore, true);
  const Status status = line_.Start(config_.calibration);
  if (status != Status::kOk) return status;
  running_ = true;
  started_ns_ = ports_.clock.NowNs();
  book_.Set(Blame::kStarting, false);
  TellReady();
  return Status::kOk;
}

Status Station::TestModel() {
  SelfTestReport& report = tested_;
  Status status = ports_.classifier.Open();
  if (status == Status::kOk) status = SelfTest(ports_.classifier, ports_.clock, config_.golden, &report);
  book_.Set(Blame::kSelfTest, status != Status::kOk);
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("arenaBytes").Integer(static_cast<int64_t>(ports_.classifier.ArenaUsedBytes()));
  json.Key("reset").String(NameOf(ports_.platform.Reset()));
  json.Key("selfTest").BeginObject().Key("failed").Integer(static_cast<int64_t>(report.failed));
  json.Key("ok").Boolean(status == Status::kOk).Key("passed").Integer(static_cast<int64_t>(report.passed));
  json.Key("status").String(linegate::NameOf(status)).EndObject().EndObject();
  Note("boot", json);
  return status;
}

bool Station::Step() {
  if (!running_) return false;
  UseNumbers();
  Drain();
  Slot* slot = NextToInspect();
  if (slot != nullptr) Inspect(slot);
  Watch();
  ports_.platform.FeedWatchdog();
  return slot != nullptr;
}

void Station::Stop() {
  if (!running_) return;
  line_.Stop();
  Drain();
  CloseForgotten();
  UseNumbers();
  running_ = false;
  ports_.frames.Close();
  (void)ledger_.Close();
}

void Station::Resume() {
  line_.Resume();
  book_.Set(Blame::kLineStopped, false);
  book_.Set(Blame::kEventsLost, false);
  book_.Set(Blame::kGateLate, false);
  Json json(payload_, sizeof payload_);
  json.BeginObject().EndObject();
  Note("line-resumed", json);
}

Station::Slot* Station::SlotOf(uint64_t part) { return &slots_[part % TRACK_PARTS]; }

// The oldest part that waits and whose deadline is still to come; after it the line has decided.
Station::Slot* Station::NextToInspect() {
  Slot* oldest = nullptr;
  const int64_t now_ns = ports_.clock.NowNs();
  for (Slot& slot : slots_) {
    const bool waits = slot.used && !slot.inspected && slot.record.state == PartState::kInspecting;
    if (!waits || slot.record.deadline_ns <= now_ns) continue;
    if (oldest == nullptr || slot.record.part < oldest->record.part) oldest = &slot;
  }
  return oldest;
}

void Station::Inspect(Slot* slot) {
  slot->inspected = true;
  const Judgement judgement = inspector_.Inspect(&slot->record);
  const bool camera_failed = !judgement.judged && judgement.reason == Reason::kNoFrame;
  const bool model_failed =
      !judgement.judged && (judgement.reason == Reason::kClassifierDown || judgement.reason == Reason::kBadAnswer);
  book_.Set(Blame::kCamera, camera_failed);
  if (!camera_failed) book_.Set(Blame::kClassifier, model_failed);
  // What the line decided meanwhile comes before the judgement in the record.
  Drain();
  if (!slot->used) return;
  if (Judged(&slot->record, judgement) == Status::kOk && judgement.judged) {
    line_.Resolve(slot->record.part, judgement.verdict);
  }
}

void Station::Watch() {
  CloseForgotten();
  WatchCamera();
  if (line_.WorstLateNs() > kLateNs) book_.Set(Blame::kGateLate, true);
  WatchUpdate();
  TellReady();
}

void Station::WatchCamera() {
  const uint32_t faults = ports_.frames.Faults();
  if (faults == camera_faults_) return;
  camera_faults_ = faults;
  Json json(payload_, sizeof payload_);
  json.BeginObject().Key("faults").Integer(faults).EndObject();
  Note("camera-fault", json);
}

void Station::WatchUpdate() {
  if (!on_probation_ || ports_.clock.NowNs() - started_ns_ < kProbationNs) return;
  on_probation_ = false;
  if (book_.Ready() && ports_.platform.ConfirmUpdate() == Status::kOk) return;
  Stop();
  ports_.platform.Restart();
}

void Station::TellReady() {
  line_.SetReady(book_.Ready());
  if (book_.Against() == told_against_) return;
  told_against_ = book_.Against();
  Json json(payload_, sizeof payload_);
  book_.Write(&json);
  Note("ready", json);
}

void Station::Note(const char* name, const Json& json) {
  if (!json.Ok()) return;
  const int64_t now_ns = ports_.clock.NowNs();
  const auto wall_ms = static_cast<double>(ports_.clock.WallMs());
  Keep(ledger_.Append({"event", static_cast<double>(now_ns) / 1e6, wall_ms, 0, name, -1, nullptr, payload_}));
}

void Station::Keep(Status status) { book_.Set(Blame::kStore, numbers_fail_ || status != Status::kOk); }

// Tells the ledger of the numbers that the line gave out.
void Station::UseNumbers() {
  uint64_t oldest = 0;
  uint64_t next = 1;
  line_.OpenParts(&oldest, &next);
  numbers_fail_ = ledger_.Use(next - 1) != Status::kOk;
  if (numbers_fail_) book_.Set(Blame::kStore, true);
}

}  // namespace linegate
