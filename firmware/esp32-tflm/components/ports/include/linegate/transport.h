// A stream of bytes to the broker, with TLS where that is configured.
// Threads: all methods from the uplink task alone. Each wait is bounded by `wait_ms`.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

class Transport {
 public:
  // To the broker of the configuration. kUnavailable: no network or nobody listens; kTimeout; kCorrupt: its certificate
  // is not the one expected; kBadConfig: no broker is configured.
  virtual Status Connect(uint32_t wait_ms) = 0;
  // All bytes or an error, after which the stream is of no more use: Close it.
  virtual Status Send(const uint8_t* bytes, size_t size_bytes, uint32_t wait_ms) = 0;
  // What is there, at least one byte. kTimeout: nothing came; kUnavailable: the peer closed.
  virtual Status Receive(uint8_t* bytes, size_t capacity, size_t* size_bytes, uint32_t wait_ms) = 0;
  virtual void Close() = 0;

 protected:
  ~Transport() = default;
};

}  // namespace linegate
