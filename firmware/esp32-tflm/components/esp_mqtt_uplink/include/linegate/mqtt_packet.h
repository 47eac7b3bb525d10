// Packets of MQTT 3.1.1 (OASIS, 29 October 2014), as a client writes and reads them: QoS 0 and 1, no allocation.
// Writing: kNoSpace: the buffer is too small; kIllegalInput: a text that MQTT cannot carry (empty, longer than 65,535
// bytes, with a zero, a topic with a wildcard). Nothing is written then. Thread rule: plain functions over the caller's
// memory; a parser belongs to one task.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// Bytes that somebody else owns.
struct ByteView {
  const uint8_t* data = nullptr;
  size_t size = 0;
};

ByteView ViewOf(const char* text);
bool SameBytes(ByteView one, ByteView other);

struct MqttWill {
  ByteView topic;
  ByteView payload;
};

// A client that keeps no session at the broker: what was not acknowledged is sent again by its owner.
struct MqttConnect {
  ByteView client_id;
  uint16_t keepalive_s = 30;
  const MqttWill* will = nullptr;  // QoS 1, retained
  const ByteView* user = nullptr;
  const ByteView* password = nullptr;  // only with a user
};

// Memory to write a packet to: `size` bytes of `room` at `data` are used.
struct PacketBuffer {
  uint8_t* data = nullptr;
  size_t room = 0;
  size_t size = 0;
};

// Each appends one packet.
Status WriteConnect(PacketBuffer& out, const MqttConnect& connect);
Status WriteSubscribe(PacketBuffer& out, uint16_t id, ByteView topic);
Status WritePuback(PacketBuffer& out, uint16_t id);
Status WritePing(PacketBuffer& out);
Status WriteDisconnect(PacketBuffer& out);

// A publish of QoS 1 whose payload is made in place: `BeginPublish` says where it goes and how much fits, `EndPublish`
// how long it became.
struct PublishDraft {
  uint8_t* payload = nullptr;
  size_t room = 0;
};
Status BeginPublish(const PacketBuffer& out, ByteView topic, PublishDraft& draft);
Status EndPublish(PacketBuffer& out, ByteView topic, uint16_t id, bool retain, size_t payload_bytes);

enum class MqttType : uint8_t {
  kConnack = 2,
  kPublish = 3,
  kPuback = 4,
  kSuback = 9,
  kPingresp = 13,
};

// A packet as it arrived. Views stay good until the parser is fed again.
struct MqttPacket {
  MqttType type = MqttType::kPingresp;
  uint8_t code = 0;  // of CONNACK and SUBACK: 0 accepted; granted QoS 0 to 2, 0x80 refused
  uint8_t qos = 0;
  bool retain = false;
  uint16_t id = 0;  // 0 for a publish of QoS 0
  ByteView topic;
  ByteView payload;
};

// Reads packets from a stream that is cut anywhere. Memory: the buffer it is given, which bounds a packet's body.
class MqttParser {
 public:
  MqttParser(uint8_t* buffer, size_t bytes) : buffer_(buffer), room_(bytes) {}

  // Forgets what came so far: a new connection begins.
  void Reset();

  // Takes bytes until a packet is whole, or all of them. `used` says how many; `whole` whether `packet` holds one.
  // After kMalformed or kTooLarge every call gives the same until Reset().
  Status Feed(ByteView bytes, size_t& used, bool& whole, MqttPacket& packet);

 private:
  enum class State : uint8_t { kType, kLength, kBody, kBroken };

  Status TakeType(uint8_t byte);
  Status TakeLength(uint8_t byte);
  size_t TakeBody(ByteView bytes);
  size_t TakeSome(ByteView bytes);
  Status Broken(Status why);

  uint8_t* buffer_;
  size_t room_;
  State state_ = State::kType;
  Status why_ = Status::kOk;
  uint8_t first_ = 0;
  uint8_t length_bytes_ = 0;
  uint32_t length_ = 0;
  uint32_t filled_ = 0;
};

}  // namespace linegate
