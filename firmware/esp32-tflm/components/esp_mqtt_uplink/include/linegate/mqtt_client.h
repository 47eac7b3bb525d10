// A connection to a broker with MQTT 3.1.1: clean session, one topic to listen to, publishes with QoS 1. What the
// broker took is nobody's concern here: only the receiver's own word counts, so nothing is kept to be sent again.
// Threads: the uplink task alone. Every wait is bounded.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/clock.h"
#include "linegate/mqtt_packet.h"
#include "linegate/status.h"
#include "linegate/transport.h"

namespace linegate {

class MqttListener {
 public:
  // A message on the topic; good until it returns.
  virtual void OnMessage(ByteView payload) = 0;

 protected:
  ~MqttListener() = default;
};

class MqttClient {
 public:
  // What may arrive in one packet, and what may be sent in one.
  static constexpr size_t kReceiveBytes = 4096;
  static constexpr size_t kSendBytes = 8192;

  MqttClient(Transport& transport, Clock& clock)
      : transport_(transport), clock_(clock), parser_(received_, sizeof received_) {}

  // Connects and subscribes; at most about 20 s. `topic` must last as long as the connection. kUnavailable and
  // kTimeout: later perhaps; kBadConfig: the broker refuses this station's name, password or topic; kCorrupt: no
  // broker, or not the one expected.
  Status Connect(const MqttConnect& connect, ByteView topic);
  // Takes what comes within `wait_ms` and keeps the connection alive. Anything but kOk: it is gone, and closed.
  Status Poll(uint32_t wait_ms, MqttListener& listener);
  // Where the payload of the next publish goes. kUnavailable: not connected.
  Status Begin(ByteView topic, PublishDraft* draft);
  // Sends it. Anything but kOk and kNoSpace: the connection is gone, and closed.
  Status Publish(ByteView topic, bool retain, size_t payload_bytes);
  // Says goodbye, so that the broker does not publish the last will.
  void Disconnect();
  bool IsConnected() const { return connected_; }
  // What the broker said last when it refused the connection: 1 to 5 as in CONNACK, 0x80 for the topic, 0 for nothing.
  uint8_t Refusal() const { return refusal_; }

 private:
  Status Greet(const MqttConnect& connect, ByteView topic);
  Status Await(MqttType type, MqttPacket* packet);
  Status Take(ByteView bytes, MqttListener* listener, MqttType awaited, MqttPacket* found);
  Status Handle(const MqttPacket& packet, MqttListener* listener);
  Status KeepAlive();
  Status SendBuffer();
  Status Lost(Status why);
  uint16_t NextId();
  int64_t NowMs() { return clock_.NowNs() / 1000000; }

  Transport& transport_;
  Clock& clock_;
  MqttParser parser_;
  bool connected_ = false;
  uint8_t refusal_ = 0;
  uint16_t last_id_ = 0;
  int64_t keepalive_ms_ = 0;
  int64_t sent_ms_ = 0;
  int64_t heard_ms_ = 0;
  bool pinged_ = false;
  int64_t pinged_ms_ = 0;
  ByteView topic_ = {};
  PacketBuffer out_ = {};
  uint8_t received_[kReceiveBytes] = {};
  uint8_t chunk_[512] = {};
  uint8_t sending_[kSendBytes] = {};
};

}  // namespace linegate
