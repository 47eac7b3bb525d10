// Which rows go when: agent/core/sync/window.ts for a board. It keeps ranges of seqs, never rows, decides and does
// nothing; the uplink does what it says. The receiver's word alone moves it on, and only with the station's own hash.
// Threads: one object, one task. Times in ms of the clock that never goes back.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/ack.h"
#include "linegate/ranges.h"

namespace linegate {

// Batches under way, whatever credit a receiver gives: where half of them get lost and each is waited for, 5 s, this is
// what brings rows up.
inline constexpr size_t kMostFlights = 8;
inline constexpr size_t kMostRefused = 8;
// So many rows are sent at once, fewer after kGroupMs.
inline constexpr uint64_t kGroupRows = 16;
inline constexpr int64_t kGroupMs = 1000;

// What a person should hear of.
enum class UplinkNotice : uint8_t {
  kNone,
  kConflict,    // the receiver has other rows than this station: a new epoch began
  kRefused,     // rows were not taken; they are tried again, more and more rarely
  kRewound,     // the receiver lost rows; they are sent again
  kUnanswered,  // the broker is there and nothing comes back: no receiver, or the broker lets this station not publish
};

// What is to be done, in this order.
struct WindowSays {
  UplinkNotice notice = UplinkNotice::kNone;
  bool acknowledge = false;
  uint64_t acknowledged = 0;
  // Begin a new epoch, then call Branched or NotBranched.
  bool branch = false;
  bool hello = false;
};

class Window {
 public:
  enum class Link : uint8_t { kOffline, kGreeting, kBranching, kFlowing };

  // `name`: at most 8 characters, another one for each boot.
  void Begin(const char* name, const char* epoch, uint64_t last_seq, uint64_t acked_seq);

  WindowSays Connected(int64_t now_ms);
  void Disconnected() { link_ = Link::kOffline; }
  // `urgent`: it must not wait for more.
  void Appended(uint64_t last_seq, bool urgent, int64_t now_ms);
  // Whether an ack is of this epoch and is awaited: then `Took` follows.
  bool Expects(const Ack& ack) const;
  // `own`: the station's own hash of the row ack.max_contig, null when it is not known.
  WindowSays Took(const Ack& ack, const uint8_t* own, int64_t now_ms);
  WindowSays Branched(const char* epoch, uint64_t last_seq, uint64_t acked_seq, int64_t now_ms);
  void NotBranched(int64_t now_ms) { WaitLong(now_ms); }
  WindowSays Tick(int64_t now_ms);

  // The rows of the next batch, or some of them; false when none is due. Then Sent or NotSent follows.
  bool NextBatch(int64_t now_ms, Range* rows);
  void Sent(Range rows, int64_t now_ms);
  void NotSent(int64_t now_ms);

  Link State() const { return link_; }
  uint64_t Acked() const { return acked_seq_; }
  // Of the hello that waits for its answer.
  const char* HelloName() const { return hello_; }

 private:
  struct Flight {
    Range rows;
    int64_t sent_ms;
    // Acked when it was sent: a receiver that answers it with less has lost rows.
    uint64_t floor;
  };
  struct Refused {
    Range rows;
    uint32_t times;
    int64_t until_ms;
  };

  WindowSays TickGreeting(int64_t now_ms);
  void Wait(bool urgent, int64_t now_ms);
  WindowSays Greet(int64_t now_ms, uint32_t tries);
  void WaitLong(int64_t now_ms);
  WindowSays Answered(const Ack& ack, const uint8_t* own, int64_t now_ms);
  WindowSays Acknowledged(const Ack& ack, const uint8_t* own, int64_t now_ms);
  WindowSays BranchOff(uint64_t after, int64_t now_ms);
  bool Differs(const Ack& ack, const uint8_t* own) const;
  void Take(const Ack& ack);
  bool LostRows(const Ack& ack) const;
  bool HasConflict(const Ack& ack) const;
  bool Refuse(const Ack& ack, int64_t now_ms);
  uint32_t TakeRefused(Range rows);
  void RefuseOne(const Reject& reject, int64_t now_ms);
  void ForgetRefused(const Ranges& ranges);
  void LandFlights(const Ranges& ranges);
  int64_t FlightWaitMs() const;
  static bool Avoid(Range rows, Range* hole);
  bool IsFree(int64_t now_ms, Range* hole, uint64_t* next) const;
  bool FirstHole(int64_t now_ms, Range* hole) const;
  bool IsRefused(Range rows) const;

  Link link_ = Link::kOffline;
  char name_[9] = {};
  char hello_[kHelloBytes] = {};
  uint32_t hellos_ = 0;
  char epoch_[kEpochBytes] = {};
  uint64_t last_seq_ = 0;
  uint64_t acked_seq_ = 0;
  // Those beyond acked_seq_ that are durable, too.
  Ranges acked_;
  uint32_t credit_ = 1;
  uint32_t retry_ms_ = 5000;
  uint32_t failures_ = 0;
  uint32_t branches_ = 0;
  // While greeting.
  int64_t hello_ms_ = 0;
  uint32_t tries_ = 0;
  // While rows flow.
  size_t flight_count_ = 0;
  Flight flights_[kMostFlights] = {};
  size_t refused_count_ = 0;
  Refused refused_[kMostRefused] = {};
  bool waiting_ = false;
  int64_t waiting_since_ms_ = 0;
  bool urgent_ = false;
  int64_t not_before_ms_ = 0;
};

}  // namespace linegate
