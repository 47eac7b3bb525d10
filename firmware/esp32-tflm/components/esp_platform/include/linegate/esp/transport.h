// The port Transport on esp-tls: TLS where certificates were told, else TCP.
// Threads: as the port says. TLS allocates while it connects; nothing else of the firmware does after start.
#pragma once

#include "esp_tls.h"
#include "linegate/esp/network.h"
#include "linegate/settings.h"
#include "linegate/transport.h"

namespace linegate::esp {

class EspTransport final : public Transport {
 public:
  // Both outlive this.
  EspTransport(const Settings& settings, const EspNetwork& network) : settings_(settings), network_(network) {}

  Status Connect(uint32_t wait_ms) override;
  Status Send(const uint8_t* bytes, size_t size_bytes, uint32_t wait_ms) override;
  Status Receive(uint8_t* bytes, size_t capacity, size_t* size_bytes, uint32_t wait_ms) override;
  void Close() override;

 private:
  enum class Direction { kRead, kWrite };
  // True when the socket is ready, false when the time is over.
  bool Await(Direction direction, uint32_t wait_ms);
  // The rest of a TLS record does not make a call wait for longer.
  void Bound(uint32_t wait_ms);
  Status WhyNot();

  const Settings& settings_;
  const EspNetwork& network_;
  esp_tls_t* tls_ = nullptr;
  int socket_ = -1;
};

}  // namespace linegate::esp
