#include <string.h>

#include "linegate/window.h"

namespace linegate {
namespace {

// More new epochs than this without an ack do not help; a person must look.
constexpr uint32_t kMostBranches = 3;
constexpr uint32_t kCorruptResends = 3;
constexpr uint32_t kMostDoublings = 10;
constexpr int64_t kLongestWaitMs = 60000;

}  // namespace

WindowSays Window::Took(const Ack& ack, const uint8_t* own, int64_t now_ms) {
  if (!Expects(ack)) return {};
  return link_ == Link::kFlowing ? Acknowledged(ack, own, now_ms) : Answered(ack, own, now_ms);
}

// Whether the receiver's rows of this epoch are not this station's, as far as can be told.
bool Window::Differs(const Ack& ack, const uint8_t* own) const {
  if (ack.max_contig > last_seq_ || ack.ranges.Highest() > last_seq_) return true;
  return ack.has_head && own != nullptr && memcmp(ack.head, own, kRowHashBytes) != 0;
}

WindowSays Window::Answered(const Ack& ack, const uint8_t* own, int64_t now_ms) {
  // Where even an acknowledged row differs, no word of this receiver about this epoch holds.
  if (Differs(ack, own)) return BranchOff(ack.max_contig > acked_seq_ ? acked_seq_ : 0, now_ms);
  // Only the same hash proves that the rows before are the same, too; without it they are sent again.
  const bool proven = own != nullptr && ack.has_head;
  const uint64_t acked = proven || ack.max_contig < acked_seq_ ? ack.max_contig : acked_seq_;
  WindowSays says;
  says.acknowledge = acked != acked_seq_;
  says.acknowledged = acked;
  if (acked < acked_seq_) says.notice = UplinkNotice::kRewound;
  acked_seq_ = acked;
  acked_.Clear();
  credit_ = ack.credit;
  retry_ms_ = ack.retry_ms;
  link_ = Link::kFlowing;
  flight_count_ = 0;
  waiting_ = true;
  waiting_since_ms_ = now_ms;
  urgent_ = true;
  not_before_ms_ = now_ms;
  return says;
}

WindowSays Window::BranchOff(uint64_t after, int64_t now_ms) {
  WindowSays says;
  says.notice = UplinkNotice::kConflict;
  if (branches_ >= kMostBranches) {
    WaitLong(now_ms);
    return says;
  }
  says.acknowledge = after != acked_seq_;
  says.acknowledged = after;
  says.branch = true;
  acked_seq_ = after;
  acked_.Clear();
  ++branches_;
  link_ = Link::kBranching;
  return says;
}

// An ack below what was acknowledged when the batch it answers was sent cannot be late: the receiver lost rows.
bool Window::LostRows(const Ack& ack) const {
  for (size_t i = 0; i < flight_count_; ++i) {
    if (ack.ranges.Touches(flights_[i].rows) && flights_[i].floor > ack.max_contig) return true;
  }
  return false;
}

bool Window::HasConflict(const Ack& ack) const {
  for (size_t i = 0; i < ack.reject_count; ++i) {
    if (ack.rejects[i].reason == RejectReason::kConflict && ack.rejects[i].range.to > acked_seq_) return true;
  }
  return false;
}

WindowSays Window::Acknowledged(const Ack& ack, const uint8_t* own, int64_t now_ms) {
  // The receiver's answer to a hello then says what is to be done.
  if (Differs(ack, own) || LostRows(ack)) return Greet(now_ms, 0);
  const bool conflict = HasConflict(ack);
  const uint64_t before = acked_seq_;
  Take(ack);
  WindowSays says;
  if (conflict) says = BranchOff(acked_seq_, now_ms);
  if (acked_seq_ > before) {
    says.acknowledge = true;
    says.acknowledged = acked_seq_;
  }
  if (conflict) return says;
  LandFlights(ack.ranges);
  if (Refuse(ack, now_ms)) {
    says.notice = UplinkNotice::kRefused;
    Wait(true, now_ms);
  }
  return says;
}

// The ranges of an ack are durable. `max_contig` does not count here: it may tell of another copy's rows.
void Window::Take(const Ack& ack) {
  bool news = false;
  for (size_t i = 0; i < ack.ranges.Count(); ++i) {
    const Range& range = ack.ranges.At(i);
    if (range.to > acked_seq_ && !acked_.Holds(range)) news = true;
    if (range.to > acked_seq_) acked_.Add(range);
  }
  if (acked_.Count() > 0 && acked_.At(0).from <= acked_seq_ + 1) acked_seq_ = acked_.At(0).to;
  acked_.RemoveUpTo(acked_seq_);
  ForgetRefused(ack.ranges);
  if (news) failures_ = branches_ = 0;
  credit_ = ack.credit;
  retry_ms_ = ack.retry_ms;
}

void Window::ForgetRefused(const Ranges& ranges) {
  size_t left = 0;
  for (size_t i = 0; i < refused_count_; ++i) {
    if (refused_[i].rows.to > acked_seq_ && !ranges.Holds(refused_[i].rows)) refused_[left++] = refused_[i];
  }
  refused_count_ = left;
}

// What an ack names is under way no more; the rest of a batch that was cut otherwise there waits on.
void Window::LandFlights(const Ranges& ranges) {
  size_t left = 0;
  for (size_t i = 0; i < flight_count_; ++i) {
    Flight flight = flights_[i];
    if (flight.rows.to <= acked_seq_ || ranges.Holds(flight.rows)) continue;
    flights_[left++] = flight;
  }
  flight_count_ = left;
}

bool Window::Refuse(const Ack& ack, int64_t now_ms) {
  bool any = false;
  for (size_t i = 0; i < ack.reject_count; ++i) {
    const Reject& reject = ack.rejects[i];
    if (reject.reason == RejectReason::kConflict || reject.range.to <= acked_seq_) continue;
    any = true;
    RefuseOne(reject, now_ms);
    Ranges gone;
    gone.Add({reject.range.from > 0 ? reject.range.from : 1, reject.range.to});
    LandFlights(gone);
  }
  return any;
}

// Forgets what was refused before of these rows; returns how often it was.
uint32_t Window::TakeRefused(Range rows) {
  uint32_t times = 0;
  size_t left = 0;
  for (size_t i = 0; i < refused_count_; ++i) {
    const Refused& one = refused_[i];
    const bool same = one.rows.from <= rows.to && one.rows.to >= rows.from;
    if (same && one.times > times) times = one.times;
    if (!same) refused_[left++] = one;
  }
  refused_count_ = left;
  return times;
}

void Window::RefuseOne(const Reject& reject, int64_t now_ms) {
  const uint32_t times = TakeRefused(reject.range) + 1;
  const bool soon = reject.reason == RejectReason::kCorrupt && times <= kCorruptResends;
  int64_t wait_ms = static_cast<int64_t>(retry_ms_) << (times < kMostDoublings ? times : kMostDoublings);
  if (wait_ms > kLongestWaitMs) wait_ms = kLongestWaitMs;
  const int64_t until_ms = soon ? now_ms : now_ms + wait_ms;
  if (refused_count_ < kMostRefused) refused_[refused_count_++] = {reject.range, times, until_ms};
}

}  // namespace linegate
