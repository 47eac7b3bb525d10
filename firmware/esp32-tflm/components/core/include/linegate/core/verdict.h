// The words that records are made of, with the names that travel.
// Threads: constants and pure functions.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace linegate {

// As many labels as a recipe may have.
inline constexpr size_t kMaxLabels = 64;

// Values as `enum track_verdict`.
enum class Verdict : uint8_t { kPass = 1, kReject, kReview };
enum class Reason : uint8_t { kNoFrame, kBadFrame, kLate, kOverflow, kClassifierDown, kBadAnswer, kLineStopped };
enum class Action : uint8_t { kEject, kPass, kMissed, kAborted, kUnknown };
enum class Cause : uint8_t { kNone, kVerdict, kFailSafe, kTooClose };
enum class Confirmation : uint8_t { kNone, kConfirmed, kUnconfirmed };

constexpr const char* NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kReject: return "reject";
    case Verdict::kReview: return "review";
  }
  return "unknown";
}

constexpr const char* NameOf(Reason reason) {
  switch (reason) {
    case Reason::kNoFrame: return "no-frame";
    case Reason::kBadFrame: return "bad-frame";
    case Reason::kLate: return "late";
    case Reason::kOverflow: return "overflow";
    case Reason::kClassifierDown: return "classifier-down";
    case Reason::kBadAnswer: return "bad-answer";
    case Reason::kLineStopped: return "line-stopped";
  }
  return "unknown";
}

constexpr const char* NameOf(Action action) {
  switch (action) {
    case Action::kEject: return "eject";
    case Action::kPass: return "pass";
    case Action::kMissed: return "missed";
    case Action::kAborted: return "aborted";
    case Action::kUnknown: return "unknown";
  }
  return "unknown";
}

// Null for kNone: such a record has no cause.
constexpr const char* NameOf(Cause cause) {
  switch (cause) {
    case Cause::kNone: return nullptr;
    case Cause::kVerdict: return "verdict";
    case Cause::kFailSafe: return "fail-safe";
    case Cause::kTooClose: return "too-close";
  }
  return nullptr;
}

constexpr const char* NameOf(Confirmation confirmation) {
  switch (confirmation) {
    case Confirmation::kNone: return "none";
    case Confirmation::kConfirmed: return "confirmed";
    case Confirmation::kUnconfirmed: return "unconfirmed";
  }
  return "none";
}

}  // namespace linegate
