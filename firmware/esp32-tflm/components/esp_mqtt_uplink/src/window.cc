#include "linegate/window.h"

#include <string.h>

namespace linegate {
namespace {

constexpr int64_t kLongestWaitMs = 60000;
constexpr int64_t kFirstHelloWaitMs = 2000;
// Hellos in vain, 14 s, after which a person hears of it.
constexpr uint32_t kSilentHellos = 3;
// Batches that wait in vain so often make the station say hello again: the receiver may be another one by now.
constexpr uint32_t kFailuresToGreet = 3;
constexpr int64_t kReadPauseMs = 1000;
constexpr uint32_t kMostDoublings = 10;

size_t TextBytes(const char* text, size_t most) {
  const size_t size = strlen(text);
  return size < most ? size : most;
}

int64_t Doubled(int64_t first_ms, uint32_t times) {
  const int64_t wait_ms = first_ms << (times < kMostDoublings ? times : kMostDoublings);
  return wait_ms < kLongestWaitMs ? wait_ms : kLongestWaitMs;
}

}  // namespace

void Window::Begin(const char* name, const char* epoch, uint64_t last_seq, uint64_t acked_seq) {
  *this = Window{};
  memcpy(name_, name, TextBytes(name, sizeof name_ - 1));
  memcpy(epoch_, epoch, TextBytes(epoch, sizeof epoch_ - 1));
  last_seq_ = last_seq;
  acked_seq_ = acked_seq;
}

WindowSays Window::Connected(int64_t now_ms) { return Greet(now_ms, 0); }

WindowSays Window::Greet(int64_t now_ms, uint32_t tries) {
  link_ = Link::kGreeting;
  hello_ms_ = now_ms;
  tries_ = tries;
  ++hellos_;
  // name-number
  size_t at = strlen(name_);
  memcpy(hello_, name_, at);
  hello_[at++] = '-';
  char digits[10];
  size_t count = 0;
  for (uint32_t rest = hellos_; count == 0 || rest > 0; rest /= 10)
    digits[count++] = static_cast<char>('0' + rest % 10);
  while (count > 0) hello_[at++] = digits[--count];
  hello_[at] = '\0';
  WindowSays says;
  says.hello = true;
  return says;
}

// Says hello only after the longest wait.
void Window::WaitLong(int64_t now_ms) {
  link_ = Link::kGreeting;
  hello_[0] = '\0';
  hello_ms_ = now_ms;
  tries_ = kMostDoublings;
}

void Window::Appended(uint64_t last_seq, bool urgent, int64_t now_ms) {
  if (last_seq > last_seq_) last_seq_ = last_seq;
  if (link_ != Link::kFlowing) return;
  Wait(urgent, now_ms);
}

bool Window::Expects(const Ack& ack) const {
  if (strcmp(ack.epoch, epoch_) != 0) return false;
  if (link_ == Link::kGreeting) return ack.answers_hello && hello_[0] != '\0' && strcmp(ack.hello, hello_) == 0;
  return link_ == Link::kFlowing && !ack.answers_hello;
}

WindowSays Window::Branched(const char* epoch, uint64_t last_seq, uint64_t acked_seq, int64_t now_ms) {
  memset(epoch_, 0, sizeof epoch_);
  memcpy(epoch_, epoch, TextBytes(epoch, sizeof epoch_ - 1));
  if (last_seq > last_seq_) last_seq_ = last_seq;
  acked_seq_ = acked_seq;
  acked_.Clear();
  refused_count_ = 0;
  if (link_ == Link::kOffline) return {};
  return Greet(now_ms, 0);
}

int64_t Window::FlightWaitMs() const {
  const int64_t wait_ms = static_cast<int64_t>(retry_ms_) << (failures_ < kMostDoublings ? failures_ : kMostDoublings);
  const int64_t most_ms = retry_ms_ > kLongestWaitMs ? retry_ms_ : kLongestWaitMs;
  return wait_ms < most_ms ? wait_ms : most_ms;
}

WindowSays Window::Tick(int64_t now_ms) {
  if (link_ == Link::kGreeting) return TickGreeting(now_ms);
  if (link_ != Link::kFlowing) return {};
  size_t left = 0;
  for (size_t i = 0; i < flight_count_; ++i) {
    if (now_ms < flights_[i].sent_ms + FlightWaitMs()) flights_[left++] = flights_[i];
  }
  if (left == flight_count_) return {};
  flight_count_ = left;
  ++failures_;
  if (failures_ % kFailuresToGreet == 0) {
    const uint32_t tries = failures_ / kFailuresToGreet;
    return Greet(now_ms, tries < 5 ? tries : 5);
  }
  Wait(true, now_ms);
  return {};
}

WindowSays Window::TickGreeting(int64_t now_ms) {
  if (now_ms < hello_ms_ + Doubled(kFirstHelloWaitMs, tries_)) return {};
  const bool silent = hello_[0] != '\0' && tries_ + 1 >= kSilentHellos;
  WindowSays says = Greet(now_ms, tries_ < kMostDoublings ? tries_ + 1 : tries_);
  if (silent) says.notice = UplinkNotice::kUnanswered;
  return says;
}

// Rows wait to be sent.
void Window::Wait(bool urgent, int64_t now_ms) {
  if (!waiting_) waiting_since_ms_ = now_ms;
  waiting_ = true;
  urgent_ = urgent_ || urgent;
}

bool Window::IsRefused(Range rows) const {
  for (size_t i = 0; i < refused_count_; ++i) {
    if (refused_[i].rows.from <= rows.from && rows.from <= refused_[i].rows.to) return true;
  }
  return false;
}

// Ends a hole before `rows`, or says that it begins within them.
bool Window::Avoid(Range rows, Range* hole) {
  if (rows.to < hole->from || rows.from > hole->to) return true;
  if (rows.from <= hole->from) return false;
  hole->to = rows.from - 1;
  return true;
}

// Whether nothing of a hole's first row is under way or refused just now; otherwise `next` is the row behind what is.
bool Window::IsFree(int64_t now_ms, Range* hole, uint64_t* next) const {
  for (size_t i = 0; i < flight_count_; ++i) {
    *next = flights_[i].rows.to + 1;
    if (!Avoid(flights_[i].rows, hole)) return false;
  }
  for (size_t i = 0; i < refused_count_; ++i) {
    *next = refused_[i].rows.to + 1;
    if (refused_[i].until_ms > now_ms && !Avoid(refused_[i].rows, hole)) return false;
  }
  return true;
}

// What is neither durable at the receiver nor under way nor refused just now.
bool Window::FirstHole(int64_t now_ms, Range* hole) const {
  uint64_t from = acked_seq_ + 1;
  while (from <= last_seq_ && acked_.FirstHole({from, last_seq_}, hole)) {
    if (!IsFree(now_ms, hole, &from)) continue;
    // With so many refused ranges nothing new is sent until they are taken.
    if (refused_count_ < kMostRefused || IsRefused(*hole)) return true;
    from = hole->to + 1;
  }
  return false;
}

bool Window::NextBatch(int64_t now_ms, Range* rows) {
  if (link_ != Link::kFlowing) return false;
  if (!FirstHole(now_ms, rows)) {
    urgent_ = false;
    waiting_ = false;
    return false;
  }
  const size_t most = credit_ < kMostFlights ? credit_ : kMostFlights;
  if (flight_count_ >= most || now_ms < not_before_ms_) return false;
  if (urgent_ || rows->to < last_seq_ || rows->to - rows->from + 1 >= kGroupRows) return true;
  return !waiting_ || now_ms >= waiting_since_ms_ + kGroupMs;
}

void Window::Sent(Range rows, int64_t now_ms) {
  if (link_ == Link::kFlowing && flight_count_ < kMostFlights) {
    flights_[flight_count_++] = {rows, now_ms, acked_seq_};
  }
}

void Window::NotSent(int64_t now_ms) { not_before_ms_ = now_ms + kReadPauseMs; }

}  // namespace linegate
