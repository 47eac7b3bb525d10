// The sensors of the line.
// Threads: Open and Close from the start-up task; the listener hears from an interrupt (on the ESP32 in IRAM), without
// the Guard, in the order of time.
#pragma once

#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

enum class Edge : uint8_t {
  // The photo-eye at the camera: a part is there now.
  kPart,
  // The sensor in the reject chute: something left.
  kConfirmation,
};

class EdgeListener {
 public:
  // `at_ns`: when the edge came, on Clock::NowNs.
  virtual void OnEdge(Edge edge, int64_t at_ns) = 0;

 protected:
  ~EdgeListener() = default;
};

class EdgeSource {
 public:
  // kBadConfig: no such pin, or one that another function has.
  virtual Status Open(EdgeListener* listener) = 0;
  virtual void Close() = 0;

 protected:
  ~EdgeSource() = default;
};

}  // namespace linegate
