// What became of a call. Every call of the firmware that can fail returns one of these; nothing throws.
#pragma once

namespace linegate {

enum class Status {
  kOk,
  // The device or the peer is not there or does not answer; trying again later makes sense.
  kUnavailable,
  // It did not come in time.
  kTimeout,
  // There is nothing (more): no frame near the trigger, no such row, the end of the data.
  kNotFound,
  // No space: the store is full, the buffer of the caller is too small, the queue overflowed.
  kNoSpace,
  // What is stored or came over the wire is not what was written: a checksum, a signature or a length does not fit.
  kCorrupt,
  // The caller's fault: a value outside the contract. Nothing was changed.
  kIllegalInput,
  // The configuration or the model cannot work on this board; trying again does not help.
  kBadConfig,
  // The hardware reports a fault.
  kDeviceFault,
};

// For logs, over serial: one word of the enumeration above.
constexpr const char* NameOf(Status status) {
  switch (status) {
    case Status::kOk: return "ok";
    case Status::kUnavailable: return "unavailable";
    case Status::kTimeout: return "timeout";
    case Status::kNotFound: return "not-found";
    case Status::kNoSpace: return "no-space";
    case Status::kCorrupt: return "corrupt";
    case Status::kIllegalInput: return "illegal-input";
    case Status::kBadConfig: return "bad-config";
    case Status::kDeviceFault: return "device-fault";
  }
  return "unknown";
}

}  // namespace linegate
