#include "linegate/esp/transport.h"

#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>

#include "esp_timer.h"

namespace linegate::esp {
namespace {

struct timeval TimeOf(uint32_t wait_ms) {
  struct timeval time = {};
  time.tv_sec = static_cast<decltype(time.tv_sec)>(wait_ms / 1000);
  time.tv_usec = static_cast<decltype(time.tv_usec)>(wait_ms % 1000 * 1000);
  return time;
}

bool IsWaiting(ssize_t result) { return result == ESP_TLS_ERR_SSL_WANT_READ || result == ESP_TLS_ERR_SSL_WANT_WRITE; }

}  // namespace

Status EspTransport::Connect(uint32_t wait_ms) {
  Close();
  if (settings_.mqtt_host[0] == '\0') return Status::kBadConfig;
  if (!network_.IsUp()) return Status::kUnavailable;
  tls_ = esp_tls_init();
  if (tls_ == nullptr) return Status::kNoSpace;
  esp_tls_cfg_t config = {};
  config.timeout_ms = static_cast<int>(wait_ms);
  config.is_plain_tcp = settings_.mqtt_ca[0] == '\0';
  if (!config.is_plain_tcp) {
    config.cacert_buf = reinterpret_cast<const unsigned char*>(settings_.mqtt_ca);
    config.cacert_bytes = static_cast<unsigned>(strlen(settings_.mqtt_ca) + 1);
  }
  const int host_bytes = static_cast<int>(strlen(settings_.mqtt_host));
  const int port = static_cast<int>(settings_.mqtt_port);
  const int64_t start_us = esp_timer_get_time();
  if (esp_tls_conn_new_sync(settings_.mqtt_host, host_bytes, port, &config, tls_) == 1 &&
      esp_tls_get_conn_sockfd(tls_, &socket_) == ESP_OK) {
    return Status::kOk;
  }
  const bool late = esp_timer_get_time() - start_us >= static_cast<int64_t>(wait_ms) * 1000;
  const Status status = late ? Status::kTimeout : WhyNot();
  Close();
  return status;
}

// A certificate that does not fit is told apart from a peer that is not there: it does not mend itself.
Status EspTransport::WhyNot() {
  esp_tls_error_handle_t error = nullptr;
  if (esp_tls_get_error_handle(tls_, &error) != ESP_OK || error == nullptr) return Status::kUnavailable;
  return error->esp_tls_flags != 0 ? Status::kCorrupt : Status::kUnavailable;
}

Status EspTransport::Send(const uint8_t* bytes, size_t size_bytes, uint32_t wait_ms) {
  if (tls_ == nullptr) return Status::kUnavailable;
  const int64_t until_us = esp_timer_get_time() + static_cast<int64_t>(wait_ms) * 1000;
  size_t sent = 0;
  while (sent < size_bytes) {
    const int64_t left_ms = (until_us - esp_timer_get_time()) / 1000;
    if (left_ms <= 0 || !Await(Direction::kWrite, static_cast<uint32_t>(left_ms))) return Status::kTimeout;
    Bound(static_cast<uint32_t>(left_ms));
    const ssize_t count = esp_tls_conn_write(tls_, bytes + sent, size_bytes - sent);
    if (count > 0) {
      sent += static_cast<size_t>(count);
    } else if (!IsWaiting(count)) {
      return Status::kUnavailable;
    }
  }
  return Status::kOk;
}

Status EspTransport::Receive(uint8_t* bytes, size_t capacity, size_t* size_bytes, uint32_t wait_ms) {
  *size_bytes = 0;
  if (tls_ == nullptr) return Status::kUnavailable;
  // What TLS has unpacked already does not show at the socket.
  const bool unpacked = esp_tls_get_bytes_avail(tls_) > 0;
  if (!unpacked && !Await(Direction::kRead, wait_ms)) return Status::kTimeout;
  Bound(wait_ms > 0 ? wait_ms : 1);
  const ssize_t count = esp_tls_conn_read(tls_, bytes, capacity);
  if (IsWaiting(count)) return Status::kTimeout;
  if (count <= 0) return Status::kUnavailable;
  *size_bytes = static_cast<size_t>(count);
  return Status::kOk;
}

bool EspTransport::Await(Direction direction, uint32_t wait_ms) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(socket_, &set);
  struct timeval time = TimeOf(wait_ms);
  fd_set* const reading = direction == Direction::kRead ? &set : nullptr;
  fd_set* const writing = direction == Direction::kWrite ? &set : nullptr;
  return select(socket_ + 1, reading, writing, nullptr, &time) > 0;
}

void EspTransport::Bound(uint32_t wait_ms) {
  const struct timeval time = TimeOf(wait_ms);
  static_cast<void>(setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
  static_cast<void>(setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time));
}

void EspTransport::Close() {
  if (tls_ != nullptr) static_cast<void>(esp_tls_conn_destroy(tls_));
  tls_ = nullptr;
  socket_ = -1;
}

}  // namespace linegate::esp
