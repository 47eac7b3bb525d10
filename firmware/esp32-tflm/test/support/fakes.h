// Ports in memory, for tests.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "linegate/classifier.h"
#include "linegate/clock.h"
#include "linegate/edges.h"
#include "linegate/frame_source.h"
#include "linegate/gate.h"
#include "linegate/guard.h"
#include "linegate/part_reserve.h"
#include "linegate/platform.h"
#include "linegate/record_store.h"
#include "support/test.h"

namespace linegate::test {

class FakeClock final : public Clock {
 public:
  int64_t NowNs() override { return now_ns; }
  int64_t WallMs() override { return wall_ms; }
  WallState Wall() override { return WallState::kUnsynced; }

  int64_t now_ns = 0;
  int64_t wall_ms = 0;
};

// Sees that nobody holds it twice.
class FakeGuard final : public Guard {
 public:
  void Lock() override {
    EXPECT(!held);
    held = true;
  }
  void Unlock() override { held = false; }

  bool held = false;
};

// Keeps the last rows, as much as a test looks at; can be full.
class FakeStore final : public RecordStore {
 public:
  static constexpr uint64_t kRows = 64;

  explicit FakeStore(const char* epoch) { strncpy(state.epoch, epoch, sizeof state.epoch - 1); }

  Status Open() override { return opens; }
  Status State(StoreState* target) override {
    *target = state;
    return Status::kOk;
  }
  Status Append(const RowMark& mark, const char* text, size_t size_bytes) override {
    if (appends != Status::kOk) return appends;
    EXPECT_EQ(mark.seq, state.last.seq + 1);
    EXPECT(size_bytes < kMaxRowBytes);
    char* row = rows[mark.seq % kRows];
    memcpy(row, text, size_bytes);
    row[size_bytes] = '\0';
    state.last = mark;
    state.has_rows = true;
    return Status::kOk;
  }
  Status Read(uint64_t, char*, size_t, size_t*, RowMark*) override { return Status::kNotFound; }
  Status Acknowledge(uint64_t) override { return Status::kOk; }

  // The text of one of the last rows.
  const char* RowText(uint64_t seq) const { return rows[seq % kRows]; }
  bool RowHas(uint64_t seq, const char* words) const { return strstr(RowText(seq), words) != nullptr; }
  // How many of the last rows have these words.
  int Count(const char* words) const {
    int count = 0;
    const uint64_t first = state.last.seq > kRows ? state.last.seq - kRows + 1 : 1;
    for (uint64_t seq = first; seq <= state.last.seq; seq++) count += RowHas(seq, words) ? 1 : 0;
    return count;
  }

  Status opens = Status::kOk;
  Status appends = Status::kOk;
  StoreState state = {};
  char rows[kRows][kMaxRowBytes] = {};
};

// Can fail.
class FakeReserve final : public PartReserve {
 public:
  Status Read(uint64_t* target) override {
    *target = up_to;
    return reads;
  }
  Status Write(uint64_t value) override {
    if (writes != Status::kOk) return writes;
    up_to = value;
    count++;
    return Status::kOk;
  }

  Status reads = Status::kOk;
  Status writes = Status::kOk;
  uint64_t up_to = 0;
  int count = 0;
};

// A gate whose timer the test turns: see Turn.
class FakeGate final : public Gate {
 public:
  Status Open(GateListener* hears) override {
    listener = hears;
    active = ready = false;
    return Status::kOk;
  }
  void Drive(bool on) override {
    active = on;
    drives++;
  }
  void WakeAt(int64_t at_ns) override { wake_ns = at_ns; }
  void Ready(bool on) override { ready = on; }
  void Close() override { active = ready = false; }

  // Lets the time pass up to `to_ns`, with every alarm on its time.
  void Turn(FakeClock* clock, int64_t to_ns) {
    while (wake_ns <= to_ns) {
      if (wake_ns > clock->now_ns) clock->now_ns = wake_ns;
      wake_ns = INT64_MAX;
      listener->OnWake();
    }
    clock->now_ns = to_ns;
  }

  GateListener* listener = nullptr;
  bool active = false;
  bool ready = false;
  int drives = 0;
  int64_t wake_ns = INT64_MAX;
};

class FakeEdges final : public EdgeSource {
 public:
  Status Open(EdgeListener* hears) override {
    listener = hears;
    return opens;
  }
  void Close() override { listener = nullptr; }

  Status opens = Status::kOk;
  EdgeListener* listener = nullptr;
};

// Gives a grey frame of 8 x 8 px for each trigger; takes `takes_ns` of the clock for it.
class FakeFrames final : public FrameSource {
 public:
  explicit FakeFrames(FakeClock* clock) : clock_(clock) {}

  Status Open() override { return opens; }
  Status Capture(int64_t trigger_ns, int64_t, int64_t, Frame* frame) override {
    EXPECT(!lent);
    clock_->now_ns += takes_ns;
    if (captures != Status::kOk) return captures;
    lent = true;
    sequence += repeats ? 0 : 1;
    *frame = {pixels, sizeof pixels, PixelFormat::kGrey, 8, 8, stride_bytes, trigger_ns + off_ns, sequence};
    return Status::kOk;
  }
  void Release(const Frame&) override { lent = false; }
  uint32_t Faults() override { return faults; }
  void Close() override {}

  Status opens = Status::kOk;
  Status captures = Status::kOk;
  int64_t takes_ns = 0;
  int64_t off_ns = 0;
  uint64_t sequence = 0;
  bool repeats = false;
  bool lent = false;
  uint32_t faults = 0;
  uint32_t stride_bytes = 8;
  uint8_t pixels[64] = {};

 private:
  FakeClock* clock_;
};

// Answers with set scores; takes `takes_ns` of the clock for it. `during` is called meanwhile.
class ScriptedClassifier final : public Classifier {
 public:
  explicit ScriptedClassifier(FakeClock* clock) : clock_(clock) {}

  Status Open() override { return opens; }
  Status Classify(const uint8_t*, size_t, int8_t* target, size_t label_count) override {
    clock_->now_ns += takes_ns;
    if (classifies == Status::kOk) memcpy(target, scores, label_count);
    return classifies;
  }
  size_t ArenaUsedBytes() override { return 1000; }

  Status opens = Status::kOk;
  Status classifies = Status::kOk;
  int64_t takes_ns = 0;
  int8_t scores[8] = {};

 private:
  FakeClock* clock_;
};

class FakePlatform final : public Platform {
 public:
  ResetReason Reset() override { return reset; }
  uint32_t Random() override { return 7; }
  void FeedWatchdog() override { feeds++; }
  void SleepMs(uint32_t) override {}
  Status ConfirmUpdate() override {
    confirms++;
    return Status::kOk;
  }
  void Restart() override { restarts++; }

  ResetReason reset = ResetReason::kPowerOn;
  int feeds = 0;
  int confirms = 0;
  int restarts = 0;
};

}  // namespace linegate::test
