#include <string.h>

#include "linegate/mqtt_packet.h"

namespace linegate {
namespace {

constexpr uint8_t kMostLengthBytes = 4;

uint16_t NumberAt(const uint8_t* at) { return static_cast<uint16_t>((static_cast<unsigned>(at[0]) << 8U) | at[1]); }

bool IsContinuation(uint8_t byte) { return (byte & 0xC0U) == 0x80U; }

// By the first byte: bytes of a character, and what its second one may be at least and at most (RFC 3629).
struct Lead {
  uint8_t from;
  uint8_t to;
  uint8_t bytes;
  uint8_t second_from;
  uint8_t second_to;
};
constexpr Lead kLeads[] = {
    {0x01, 0x7F, 1, 0x00, 0x00}, {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

const Lead* LeadOf(uint8_t first) {
  for (const Lead& lead : kLeads) {
    if (lead.from <= first && first <= lead.to) return &lead;
  }
  return nullptr;
}

// Bytes of the character at `text`, 0 when it is no UTF-8 as MQTT-1.5.3-1 and -2 ask for.
size_t CharacterBytes(const uint8_t* text, size_t left) {
  const Lead* lead = LeadOf(text[0]);
  if (lead == nullptr || lead->bytes > left) return 0;
  if (lead->bytes > 1 && (text[1] < lead->second_from || text[1] > lead->second_to)) return 0;
  for (size_t i = 2; i < lead->bytes; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  return lead->bytes;
}

bool IsTopicName(ByteView topic) {
  for (size_t at = 0; at < topic.size;) {
    if (topic.data[at] == '#' || topic.data[at] == '+') return false;
    const size_t bytes = CharacterBytes(topic.data + at, topic.size - at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return topic.size > 0;
}

bool ReadPublish(uint8_t flags, ByteView body, MqttPacket& packet) {
  packet.qos = static_cast<uint8_t>((flags >> 1U) & 3U);
  packet.retain = (flags & 1U) != 0;
  const bool again = (flags & 8U) != 0;
  // Nothing is subscribed to with more than QoS 1, and QoS 0 never comes again.
  if (packet.qos > 1 || (packet.qos == 0 && again) || body.size < 2) return false;
  const size_t topic_bytes = NumberAt(body.data);
  const size_t id_bytes = packet.qos == 1 ? 2 : 0;
  if (2 + topic_bytes + id_bytes > body.size) return false;
  packet.topic = {body.data + 2, topic_bytes};
  if (id_bytes > 0) packet.id = NumberAt(body.data + 2 + topic_bytes);
  const size_t before = 2 + topic_bytes + id_bytes;
  packet.payload = {body.data + before, body.size - before};
  return IsTopicName(packet.topic) && (packet.qos == 0 || packet.id != 0);
}

bool ReadConnack(ByteView body, MqttPacket& packet) {
  // A session that goes on is none that this client asked for.
  if (body.size != 2 || body.data[0] != 0 || body.data[1] > 5) return false;
  packet.code = body.data[1];
  return true;
}

bool ReadSuback(ByteView body, MqttPacket& packet) {
  if (body.size != 3) return false;
  packet.id = NumberAt(body.data);
  packet.code = body.data[2];
  return packet.id != 0 && (packet.code <= 2 || packet.code == 0x80);
}

bool ReadPuback(ByteView body, MqttPacket& packet) {
  if (body.size != 2) return false;
  packet.id = NumberAt(body.data);
  return packet.id != 0;
}

bool ReadBody(uint8_t first, ByteView body, MqttPacket& packet) {
  packet = MqttPacket{};
  const auto flags = static_cast<uint8_t>(first & 0x0FU);
  packet.type = static_cast<MqttType>(first >> 4U);
  if (packet.type == MqttType::kPublish) return ReadPublish(flags, body, packet);
  if (flags != 0) return false;
  switch (packet.type) {
    case MqttType::kConnack: return ReadConnack(body, packet);
    case MqttType::kPuback: return ReadPuback(body, packet);
    case MqttType::kSuback: return ReadSuback(body, packet);
    case MqttType::kPingresp: return body.size == 0;
    default: return false;
  }
}

// Whether a broker may send this to a client that publishes and subscribes with QoS 1: a fault shows before its body
// comes.
bool MayBegin(uint8_t first) {
  switch (static_cast<MqttType>(first >> 4U)) {
    case MqttType::kPublish: return (first & 0x06U) <= 0x02U;
    case MqttType::kConnack:
    case MqttType::kPuback:
    case MqttType::kSuback:
    case MqttType::kPingresp: return (first & 0x0FU) == 0;
    default: return false;
  }
}

}  // namespace

void MqttParser::Reset() {
  state_ = State::kType;
  why_ = Status::kOk;
}

Status MqttParser::Broken(Status why) {
  state_ = State::kBroken;
  why_ = why;
  return why;
}

Status MqttParser::TakeLength(uint8_t byte) {
  length_ |= static_cast<uint32_t>(byte & 0x7FU) << (7U * length_bytes_);
  ++length_bytes_;
  if ((byte & 0x80U) != 0) {
    return length_bytes_ < kMostLengthBytes ? Status::kOk : Broken(Status::kCorrupt);
  }
  if (length_ > room_) return Broken(Status::kNoSpace);
  state_ = State::kBody;
  filled_ = 0;
  return Status::kOk;
}

Status MqttParser::TakeType(uint8_t byte) {
  first_ = byte;
  if (!MayBegin(byte)) return Broken(Status::kCorrupt);
  length_ = 0;
  length_bytes_ = 0;
  state_ = State::kLength;
  return Status::kOk;
}

// Takes bytes of a body, at least one; returns how many.
size_t MqttParser::TakeBody(ByteView bytes) {
  const size_t left = length_ - filled_;
  const size_t count = bytes.size < left ? bytes.size : left;
  memcpy(buffer_ + filled_, bytes.data, count);
  filled_ += static_cast<uint32_t>(count);
  return count;
}

// Takes bytes of whatever comes next, at least one; returns how many.
size_t MqttParser::TakeSome(ByteView bytes) {
  if (state_ == State::kBody) return TakeBody(bytes);
  (void)(state_ == State::kType ? TakeType(bytes.data[0]) : TakeLength(bytes.data[0]));
  return 1;
}

Status MqttParser::Feed(ByteView bytes, size_t& used, bool& whole, MqttPacket& packet) {
  used = 0;
  whole = false;
  while (state_ != State::kBroken) {
    if (state_ == State::kBody && filled_ == length_) {
      state_ = State::kType;
      whole = ReadBody(first_, {buffer_, length_}, packet);
      return whole ? Status::kOk : Broken(Status::kCorrupt);
    }
    if (used == bytes.size) return Status::kOk;
    used += TakeSome({bytes.data + used, bytes.size - used});
  }
  return why_;
}

}  // namespace linegate
