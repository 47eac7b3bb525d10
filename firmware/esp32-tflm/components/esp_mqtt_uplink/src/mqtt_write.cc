#include <cstring>

#include "linegate/mqtt_packet.h"

namespace linegate {
namespace {

constexpr std::size_t kLongestText = 65535;
constexpr std::uint8_t kPublishQos1 = 0x32;
constexpr std::uint8_t kRetain = 0x01;
constexpr std::size_t kMostHeader = 5;

// Writes behind what a buffer holds; remembers when something did not fit.
class Writer {
 public:
  explicit Writer(const PacketBuffer &out) : at_(out.data + out.size), left_(out.room - out.size) {}

  void byte(std::uint8_t value) {
    if (left_ == 0) {
      fits_ = false;
      return;
    }
    *at_++ = value;
    --left_;
    ++written_;
  }

  void number(std::uint16_t value) {
    byte(static_cast<std::uint8_t>(value >> 8U));
    byte(static_cast<std::uint8_t>(value & 0xFFU));
  }

  void length(std::size_t value) {
    do {
      const auto low = static_cast<std::uint8_t>(value % 128U);
      value /= 128U;
      byte(value > 0 ? static_cast<std::uint8_t>(low | 0x80U) : low);
    } while (value > 0);
  }

  void bytes(ByteView text) {
    if (text.size > left_) {
      fits_ = false;
      return;
    }
    if (text.size > 0) std::memcpy(at_, text.data, text.size);
    at_ += text.size;
    left_ -= text.size;
    written_ += text.size;
  }

  void text(ByteView value) {
    number(static_cast<std::uint16_t>(value.size));
    bytes(value);
  }

  MqttStatus end(PacketBuffer &out) const {
    if (!fits_) return MqttStatus::kNoRoom;
    out.size += written_;
    return MqttStatus::kOk;
  }

 private:
  std::uint8_t *at_;
  std::size_t left_;
  std::size_t written_ = 0;
  bool fits_ = true;
};

bool is_text(ByteView text) {
  if (text.size > kLongestText) return false;
  return text.size == 0 || std::memchr(text.data, 0, text.size) == nullptr;
}

bool is_topic(ByteView topic) {
  if (topic.size == 0 || !is_text(topic)) return false;
  return std::memchr(topic.data, '#', topic.size) == nullptr && std::memchr(topic.data, '+', topic.size) == nullptr;
}

bool can_be_said(const MqttConnect &connect) {
  if (!is_text(connect.client_id) || connect.client_id.size == 0) return false;
  if (connect.password != nullptr && connect.user == nullptr) return false;
  if (connect.user != nullptr && !is_text(*connect.user)) return false;
  if (connect.password != nullptr && connect.password->size > kLongestText) return false;
  if (connect.will == nullptr) return true;
  return is_topic(connect.will->topic) && connect.will->payload.size <= kLongestText;
}

std::size_t connect_length(const MqttConnect &connect) {
  std::size_t bytes = 10 + 2 + connect.client_id.size;
  if (connect.will != nullptr) bytes += 4 + connect.will->topic.size + connect.will->payload.size;
  if (connect.user != nullptr) bytes += 2 + connect.user->size;
  if (connect.password != nullptr) bytes += 2 + connect.password->size;
  return bytes;
}

std::uint8_t connect_flags(const MqttConnect &connect) {
  unsigned flags = 0x02;                              // clean session
  if (connect.will != nullptr) flags |= 0x2CU;        // will, QoS 1, retained
  if (connect.user != nullptr) flags |= 0x80U;
  if (connect.password != nullptr) flags |= 0x40U;
  return static_cast<std::uint8_t>(flags);
}

MqttStatus write_short(PacketBuffer &out, std::uint8_t type) {
  Writer writer(out);
  writer.byte(type);
  writer.byte(0);
  return writer.end(out);
}

std::size_t length_bytes(std::size_t value) {
  if (value < 128) return 1;
  if (value < 16384) return 2;
  return value < 2097152 ? 3 : 4;
}

}  // namespace

ByteView view_of(const char *text) { return {reinterpret_cast<const std::uint8_t *>(text), std::strlen(text)}; }

bool same_bytes(ByteView one, ByteView other) {
  return one.size == other.size && (one.size == 0 || std::memcmp(one.data, other.data, one.size) == 0);
}

MqttStatus write_connect(PacketBuffer &out, const MqttConnect &connect) {
  if (!can_be_said(connect)) return MqttStatus::kBadText;
  Writer writer(out);
  writer.byte(0x10);
  writer.length(connect_length(connect));
  writer.text(view_of("MQTT"));
  writer.byte(4);  // protocol level of 3.1.1
  writer.byte(connect_flags(connect));
  writer.number(connect.keepalive_s);
  writer.text(connect.client_id);
  if (connect.will != nullptr) {
    writer.text(connect.will->topic);
    writer.text(connect.will->payload);
  }
  if (connect.user != nullptr) writer.text(*connect.user);
  if (connect.password != nullptr) writer.text(*connect.password);
  return writer.end(out);
}

MqttStatus write_subscribe(PacketBuffer &out, std::uint16_t id, ByteView topic) {
  if (!is_topic(topic) || id == 0) return MqttStatus::kBadText;
  Writer writer(out);
  writer.byte(0x82);
  writer.length(5 + topic.size);
  writer.number(id);
  writer.text(topic);
  writer.byte(1);  // at least once
  return writer.end(out);
}

MqttStatus write_puback(PacketBuffer &out, std::uint16_t id) {
  Writer writer(out);
  writer.byte(0x40);
  writer.byte(2);
  writer.number(id);
  return writer.end(out);
}

MqttStatus write_ping(PacketBuffer &out) { return write_short(out, 0xC0); }

MqttStatus write_disconnect(PacketBuffer &out) { return write_short(out, 0xE0); }

MqttStatus begin_publish(const PacketBuffer &out, ByteView topic, PublishDraft &draft) {
  if (!is_topic(topic)) return MqttStatus::kBadText;
  const std::size_t before = kMostHeader + 4 + topic.size;
  if (out.room - out.size <= before) return MqttStatus::kNoRoom;
  draft.payload = out.data + out.size + before;
  draft.room = out.room - out.size - before;
  return MqttStatus::kOk;
}

MqttStatus end_publish(PacketBuffer &out, ByteView topic, std::uint16_t id, bool retain, std::size_t payload_bytes) {
  PublishDraft draft;
  const MqttStatus status = begin_publish(out, topic, draft);
  if (status != MqttStatus::kOk) return status;
  if (payload_bytes > draft.room || id == 0) return MqttStatus::kNoRoom;
  const std::size_t length = 4 + topic.size + payload_bytes;
  // The length takes one to four bytes, and nobody knew how many when the payload was begun.
  std::memmove(out.data + out.size + 1 + length_bytes(length) + 4 + topic.size, draft.payload, payload_bytes);
  Writer writer(out);
  writer.byte(static_cast<std::uint8_t>(kPublishQos1 | (retain ? kRetain : 0U)));
  writer.length(length);
  writer.text(topic);
  writer.number(id);
  const MqttStatus written = writer.end(out);
  if (written == MqttStatus::kOk) out.size += payload_bytes;
  return written;
}

}  // namespace linegate
