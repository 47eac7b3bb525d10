// What stands against READY. The output is on when nothing does.
// Threads: values.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/core/json.h"

namespace linegate {

enum class Blame : uint8_t { kStarting, kSelfTest, kCamera, kClassifier, kStore, kLineStopped, kEventsLost, kGateLate };
inline constexpr size_t kBlames = 8;

class ReadyBook {
 public:
  void Set(Blame blame, bool stands) {
    const auto bit = static_cast<uint8_t>(1U << static_cast<unsigned>(blame));
    against_ = static_cast<uint8_t>(stands ? against_ | bit : against_ & ~bit);
  }
  bool Ready() const { return against_ == 0; }
  bool Stands(Blame blame) const { return (against_ >> static_cast<unsigned>(blame) & 1U) != 0; }
  uint8_t Against() const { return against_; }
  // The first that stands, as a sentence; empty when nothing does.
  const char* Why() const;
  // The payload of a `ready` event: {"on":...,"why":[...]}.
  void Write(Json* json) const;

 private:
  uint8_t against_ = 1U << static_cast<unsigned>(Blame::kStarting);
};

}  // namespace linegate
