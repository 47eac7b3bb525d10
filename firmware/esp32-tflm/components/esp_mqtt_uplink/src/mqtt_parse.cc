#include <algorithm>
#include <cstring>

#include "linegate/mqtt_packet.h"

namespace linegate {
namespace {

constexpr std::uint8_t kMostLengthBytes = 4;

std::uint16_t number_at(const std::uint8_t *at) {
  return static_cast<std::uint16_t>((static_cast<unsigned>(at[0]) << 8U) | at[1]);
}

bool is_continuation(std::uint8_t byte) { return (byte & 0xC0U) == 0x80U; }

// Bytes of the character at `text`, 0 when it is no UTF-8 as MQTT-1.5.3-1 and -2 ask for.
std::size_t character_bytes(const std::uint8_t *text, std::size_t left) {
  const std::uint8_t first = text[0];
  if (first == 0) return 0;
  if (first < 0x80) return 1;
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || bytes > left) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const std::uint8_t second = text[1];
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || beyond ? 0 : bytes;
}

bool is_topic_name(ByteView topic) {
  for (std::size_t at = 0; at < topic.size;) {
    if (topic.data[at] == '#' || topic.data[at] == '+') return false;
    const std::size_t bytes = character_bytes(topic.data + at, topic.size - at);
    if (bytes == 0) return false;
    at += bytes;
  }
  return topic.size > 0;
}

bool read_publish(std::uint8_t flags, ByteView body, MqttPacket &packet) {
  packet.qos = static_cast<std::uint8_t>((flags >> 1U) & 3U);
  packet.retain = (flags & 1U) != 0;
  const bool again = (flags & 8U) != 0;
  // Nothing is subscribed to with more than QoS 1, and QoS 0 never comes again.
  if (packet.qos > 1 || (packet.qos == 0 && again) || body.size < 2) return false;
  const std::size_t topic_bytes = number_at(body.data);
  const std::size_t id_bytes = packet.qos == 1 ? 2 : 0;
  if (2 + topic_bytes + id_bytes > body.size) return false;
  packet.topic = {body.data + 2, topic_bytes};
  if (id_bytes > 0) packet.id = number_at(body.data + 2 + topic_bytes);
  const std::size_t before = 2 + topic_bytes + id_bytes;
  packet.payload = {body.data + before, body.size - before};
  return is_topic_name(packet.topic) && (packet.qos == 0 || packet.id != 0);
}

bool read_connack(ByteView body, MqttPacket &packet) {
  // A session that goes on is none that this client asked for.
  if (body.size != 2 || body.data[0] != 0 || body.data[1] > 5) return false;
  packet.code = body.data[1];
  return true;
}

bool read_suback(ByteView body, MqttPacket &packet) {
  if (body.size != 3) return false;
  packet.id = number_at(body.data);
  packet.code = body.data[2];
  return packet.id != 0 && (packet.code <= 2 || packet.code == 0x80);
}

bool read_puback(ByteView body, MqttPacket &packet) {
  if (body.size != 2) return false;
  packet.id = number_at(body.data);
  return packet.id != 0;
}

bool read_body(std::uint8_t first, ByteView body, MqttPacket &packet) {
  packet = MqttPacket{};
  const auto flags = static_cast<std::uint8_t>(first & 0x0FU);
  packet.type = static_cast<MqttType>(first >> 4U);
  if (packet.type == MqttType::kPublish) return read_publish(flags, body, packet);
  if (flags != 0) return false;
  switch (packet.type) {
    case MqttType::kConnack: return read_connack(body, packet);
    case MqttType::kPuback: return read_puback(body, packet);
    case MqttType::kSuback: return read_suback(body, packet);
    case MqttType::kPingresp: return body.size == 0;
    default: return false;
  }
}

// Whether a broker may send this to a client that publishes and subscribes with QoS 1: a fault shows before its body comes.
bool may_begin(std::uint8_t first) {
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

void MqttParser::reset() {
  state_ = State::kType;
  why_ = MqttStatus::kOk;
}

MqttStatus MqttParser::broken(MqttStatus why) {
  state_ = State::kBroken;
  why_ = why;
  return why;
}

MqttStatus MqttParser::take_length(std::uint8_t byte) {
  length_ |= static_cast<std::uint32_t>(byte & 0x7FU) << (7U * length_bytes_);
  ++length_bytes_;
  if ((byte & 0x80U) != 0) {
    return length_bytes_ < kMostLengthBytes ? MqttStatus::kOk : broken(MqttStatus::kMalformed);
  }
  if (length_ > room_) return broken(MqttStatus::kTooLarge);
  state_ = State::kBody;
  filled_ = 0;
  return MqttStatus::kOk;
}

MqttStatus MqttParser::feed(ByteView bytes, std::size_t &used, bool &whole, MqttPacket &packet) {
  used = 0;
  whole = false;
  while (state_ != State::kBroken) {
    if (state_ == State::kBody && filled_ == length_) {
      state_ = State::kType;
      whole = read_body(first_, {buffer_, length_}, packet);
      return whole ? MqttStatus::kOk : broken(MqttStatus::kMalformed);
    }
    if (used == bytes.size) return MqttStatus::kOk;
    if (state_ == State::kType) {
      first_ = bytes.data[used++];
      if (!may_begin(first_)) return broken(MqttStatus::kMalformed);
      length_ = 0;
      length_bytes_ = 0;
      state_ = State::kLength;
    } else if (state_ == State::kLength) {
      if (take_length(bytes.data[used++]) != MqttStatus::kOk) return why_;
    } else {
      const std::size_t count = std::min<std::size_t>(bytes.size - used, length_ - filled_);
      std::memcpy(buffer_ + filled_, bytes.data + used, count);
      filled_ += static_cast<std::uint32_t>(count);
      used += count;
    }
  }
  return why_;
}

}  // namespace linegate
