// Packets of MQTT 3.1.1 (OASIS, 29 October 2014), as a client writes and reads them: QoS 0 and 1, no allocation.
// Thread rule: plain functions over the caller's memory; a parser belongs to one task.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linegate {

// What became of a call. Nothing here throws, and nothing is written when it is not kOk.
enum class MqttStatus : std::uint8_t {
  kOk,
  kNoRoom,     // the packet does not fit the buffer it was to go to
  kBadText,    // a topic, name or password that MQTT cannot carry: empty, longer than 65,535 bytes, with a zero or a wildcard
  kMalformed,  // the peer sent what is no MQTT 3.1.1: the connection must be closed
  kTooLarge,   // the peer sent a packet beyond the parser's buffer: the connection must be closed
};

// Bytes that somebody else owns.
struct ByteView {
  const std::uint8_t *data = nullptr;
  std::size_t size = 0;
};

ByteView view_of(const char *text);
bool same_bytes(ByteView one, ByteView other);

struct MqttWill {
  ByteView topic;
  ByteView payload;
};

// A client that keeps no session at the broker: what was not acknowledged is sent again by its owner.
struct MqttConnect {
  ByteView client_id;
  std::uint16_t keepalive_s = 30;
  const MqttWill *will = nullptr;   // QoS 1, retained
  const ByteView *user = nullptr;
  const ByteView *password = nullptr;  // only with a user
};

// Memory to write a packet to: `size` bytes of `room` at `data` are used.
struct PacketBuffer {
  std::uint8_t *data = nullptr;
  std::size_t room = 0;
  std::size_t size = 0;
};

// Each appends one packet.
MqttStatus write_connect(PacketBuffer &out, const MqttConnect &connect);
MqttStatus write_subscribe(PacketBuffer &out, std::uint16_t id, ByteView topic);
MqttStatus write_puback(PacketBuffer &out, std::uint16_t id);
MqttStatus write_ping(PacketBuffer &out);
MqttStatus write_disconnect(PacketBuffer &out);

// A publish of QoS 1 whose payload is made in place: `begin` says where it goes and how much fits, `end` how long it became.
struct PublishDraft {
  std::uint8_t *payload = nullptr;
  std::size_t room = 0;
};
MqttStatus begin_publish(const PacketBuffer &out, ByteView topic, PublishDraft &draft);
MqttStatus end_publish(PacketBuffer &out, ByteView topic, std::uint16_t id, bool retain, std::size_t payload_bytes);

enum class MqttType : std::uint8_t {
  kConnack = 2,
  kPublish = 3,
  kPuback = 4,
  kSuback = 9,
  kPingresp = 13,
};

// A packet as it arrived. Views stay good until the parser is fed again.
struct MqttPacket {
  MqttType type = MqttType::kPingresp;
  std::uint8_t code = 0;  // of CONNACK and SUBACK: 0 accepted; granted QoS 0 to 2, 0x80 refused
  std::uint8_t qos = 0;
  bool retain = false;
  std::uint16_t id = 0;  // 0 for a publish of QoS 0
  ByteView topic;
  ByteView payload;
};

// Reads packets from a stream that is cut anywhere. Memory: the buffer it is given, which bounds a packet's body.
class MqttParser {
 public:
  MqttParser(std::uint8_t *buffer, std::size_t bytes) : buffer_(buffer), room_(bytes) {}

  // Forgets what came so far: a new connection begins.
  void reset();

  // Takes bytes until a packet is whole, or all of them. `used` says how many; `whole` whether `packet` holds one. After
  // kMalformed or kTooLarge every call gives the same until reset().
  MqttStatus feed(ByteView bytes, std::size_t &used, bool &whole, MqttPacket &packet);

 private:
  enum class State : std::uint8_t { kType, kLength, kBody, kBroken };

  MqttStatus take_length(std::uint8_t byte);
  MqttStatus broken(MqttStatus why);

  std::uint8_t *buffer_;
  std::size_t room_;
  State state_ = State::kType;
  MqttStatus why_ = MqttStatus::kOk;
  std::uint8_t first_ = 0;
  std::uint8_t length_bytes_ = 0;
  std::uint32_t length_ = 0;
  std::uint32_t filled_ = 0;
};

}  // namespace linegate
