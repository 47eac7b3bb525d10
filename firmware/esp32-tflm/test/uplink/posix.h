// A computer behind the ports: sockets, a file as flash, the clocks of the kernel.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "linegate/clock.h"
#include "linegate/flash.h"
#include "linegate/mutex.h"
#include "linegate/platform.h"
#include "linegate/transport.h"

namespace linegate::host {

class PosixClock final : public Clock {
 public:
  int64_t NowNs() override { return Read(CLOCK_MONOTONIC); }
  int64_t WallMs() override { return Read(CLOCK_REALTIME) / 1000000 + offset_ms; }
  WallState Wall() override { return WallState::kSynced; }
  // Somebody sets the clock.
  int64_t offset_ms = 0;

 private:
  static int64_t Read(clockid_t id) {
    timespec now{};
    (void)clock_gettime(id, &now);
    return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
  }
};

class PosixPlatform final : public Platform {
 public:
  ResetReason Reset() override { return ResetReason::kPowerOn; }
  uint32_t Random() override {
    uint32_t bits = 0;
    (void)getrandom(&bits, sizeof bits, 0);
    return bits;
  }
  void FeedWatchdog() override {}
  void SleepMs(uint32_t duration_ms) override { (void)usleep(duration_ms * 1000); }
  Status ConfirmUpdate() override { return Status::kOk; }
  void Restart() override {}
};

// For one thread.
class NoMutex final : public Mutex {
 public:
  void Lock() override {}
  void Unlock() override {}
};

// A file in place of the chip. Programs in pieces, so that a killed process leaves half a write.
class FileFlash final : public Flash {
 public:
  bool Open(const char* path, uint32_t sectors) {
    sectors_ = sectors;
    file_ = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) return false;
    const off_t size = lseek(file_, 0, SEEK_END);
    bool fits = true;
    for (auto sector = static_cast<uint32_t>(size / kSectorBytes); sector < sectors; ++sector) {
      fits = fits && Erase(sector) == Status::kOk;
    }
    return fits;
  }

  FlashGeometry Geometry() override { return {kSectorBytes, sectors_}; }

  Status Read(uint32_t offset, void* target, size_t size_bytes) override {
    const ssize_t count = pread(file_, target, size_bytes, offset);
    return count == static_cast<ssize_t>(size_bytes) ? Status::kOk : Status::kDeviceFault;
  }

  Status Program(uint32_t offset, const void* source, size_t size_bytes) override {
    const auto* from = static_cast<const uint8_t*>(source);
    uint8_t piece[kPieceBytes];
    for (size_t at = 0; at < size_bytes; at += kPieceBytes) {
      const size_t count = size_bytes - at < kPieceBytes ? size_bytes - at : kPieceBytes;
      const auto where = static_cast<uint32_t>(offset + at);
      if (Read(where, piece, count) != Status::kOk) return Status::kDeviceFault;
      for (size_t i = 0; i < count; ++i) piece[i] = static_cast<uint8_t>(piece[i] & from[at + i]);
      if (pwrite(file_, piece, count, where) != static_cast<ssize_t>(count)) return Status::kDeviceFault;
    }
    return Status::kOk;
  }

  Status Erase(uint32_t sector) override {
    uint8_t blank[kSectorBytes / 4];
    memset(blank, 0xFF, sizeof blank);
    for (uint32_t at = 0; at < kSectorBytes; at += static_cast<uint32_t>(sizeof blank)) {
      const off_t where = static_cast<off_t>(sector) * kSectorBytes + at;
      if (pwrite(file_, blank, sizeof blank, where) != static_cast<ssize_t>(sizeof blank)) return Status::kDeviceFault;
    }
    return Status::kOk;
  }

 private:
  static constexpr uint32_t kSectorBytes = 4096;
  static constexpr size_t kPieceBytes = 64;
  int file_ = -1;
  uint32_t sectors_ = 0;
};

class SocketTransport final : public Transport {
 public:
  SocketTransport(const char* host, const char* port) : host_(host), port_(port) {}

  Status Connect(uint32_t wait_ms) override {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host_, port_, &wanted, &found) != 0) return Status::kUnavailable;
    socket_ = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int begun = connect(socket_, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    if (begun != 0 && errno != EINPROGRESS) return Status::kUnavailable;
    const Status ready = Await(POLLOUT, wait_ms);
    if (ready != Status::kOk) return ready;
    int fault = 0;
    socklen_t size = sizeof fault;
    (void)getsockopt(socket_, SOL_SOCKET, SO_ERROR, &fault, &size);
    return fault == 0 ? Status::kOk : Status::kUnavailable;
  }

  Status Send(const uint8_t* bytes, size_t size_bytes, uint32_t wait_ms) override {
    for (size_t at = 0; at < size_bytes;) {
      const Status ready = Await(POLLOUT, wait_ms);
      if (ready != Status::kOk) return ready;
      const ssize_t count = send(socket_, bytes + at, size_bytes - at, MSG_NOSIGNAL);
      if (count <= 0) return Status::kUnavailable;
      at += static_cast<size_t>(count);
    }
    return Status::kOk;
  }

  Status Receive(uint8_t* bytes, size_t capacity, size_t* size_bytes, uint32_t wait_ms) override {
    const Status ready = Await(POLLIN, wait_ms);
    if (ready != Status::kOk) return ready;
    const ssize_t count = recv(socket_, bytes, capacity, 0);
    if (count <= 0) return Status::kUnavailable;
    *size_bytes = static_cast<size_t>(count);
    return Status::kOk;
  }

  void Close() override {
    if (socket_ >= 0) (void)close(socket_);
    socket_ = -1;
  }

 private:
  Status Await(short events, uint32_t wait_ms) {
    pollfd one{socket_, events, 0};
    if (socket_ < 0) return Status::kUnavailable;
    return poll(&one, 1, static_cast<int>(wait_ms)) > 0 ? Status::kOk : Status::kTimeout;
  }

  const char* host_;
  const char* port_;
  int socket_ = -1;
};

}  // namespace linegate::host
