#include <string.h>

#include "linegate/mqtt_packet.h"

namespace linegate {
namespace {

constexpr size_t kLongestText = 65535;
constexpr uint8_t kPublishQos1 = 0x32;
constexpr uint8_t kRetain = 0x01;
constexpr size_t kMostHeader = 5;

// Writes behind what a buffer holds; remembers when something did not fit.
class Writer {
 public:
  explicit Writer(const PacketBuffer& out) : at_(out.data + out.size), left_(out.room - out.size) {}

  void Byte(uint8_t value) {
    if (left_ == 0) {
      fits_ = false;
      return;
    }
    *at_++ = value;
    --left_;
    ++written_;
  }

  void Number(uint16_t value) {
    Byte(static_cast<uint8_t>(value >> 8U));
    Byte(static_cast<uint8_t>(value & 0xFFU));
  }

  void Length(size_t value) {
    do {
      const auto low = static_cast<uint8_t>(value % 128U);
      value /= 128U;
      Byte(value > 0 ? static_cast<uint8_t>(low | 0x80U) : low);
    } while (value > 0);
  }

  void Bytes(ByteView text) {
    if (text.size > left_) {
      fits_ = false;
      return;
    }
    if (text.size > 0) memcpy(at_, text.data, text.size);
    at_ += text.size;
    left_ -= text.size;
    written_ += text.size;
  }

  void Text(ByteView value) {
    Number(static_cast<uint16_t>(value.size));
    Bytes(value);
  }

  Status End(PacketBuffer& out) const {
    if (!fits_) return Status::kNoSpace;
    out.size += written_;
    return Status::kOk;
  }

 private:
  uint8_t* at_;
  size_t left_;
  size_t written_ = 0;
  bool fits_ = true;
};

bool IsText(ByteView text) {
  if (text.size > kLongestText) return false;
  return text.size == 0 || memchr(text.data, 0, text.size) == nullptr;
}

bool IsTopic(ByteView topic) {
  if (topic.size == 0 || !IsText(topic)) return false;
  return memchr(topic.data, '#', topic.size) == nullptr && memchr(topic.data, '+', topic.size) == nullptr;
}

bool CanBeSaid(const MqttConnect& connect) {
  if (!IsText(connect.client_id) || connect.client_id.size == 0) return false;
  if (connect.password != nullptr && connect.user == nullptr) return false;
  if (connect.user != nullptr && !IsText(*connect.user)) return false;
  if (connect.password != nullptr && connect.password->size > kLongestText) return false;
  if (connect.will == nullptr) return true;
  return IsTopic(connect.will->topic) && connect.will->payload.size <= kLongestText;
}

size_t ConnectLength(const MqttConnect& connect) {
  size_t bytes = 10 + 2 + connect.client_id.size;
  if (connect.will != nullptr) bytes += 4 + connect.will->topic.size + connect.will->payload.size;
  if (connect.user != nullptr) bytes += 2 + connect.user->size;
  if (connect.password != nullptr) bytes += 2 + connect.password->size;
  return bytes;
}

uint8_t ConnectFlags(const MqttConnect& connect) {
  unsigned flags = 0x02;                        // clean session
  if (connect.will != nullptr) flags |= 0x2CU;  // will, QoS 1, retained
  if (connect.user != nullptr) flags |= 0x80U;
  if (connect.password != nullptr) flags |= 0x40U;
  return static_cast<uint8_t>(flags);
}

Status WriteShort(PacketBuffer& out, uint8_t type) {
  Writer writer(out);
  writer.Byte(type);
  writer.Byte(0);
  return writer.End(out);
}

size_t LengthBytes(size_t value) {
  if (value < 128) return 1;
  if (value < 16384) return 2;
  return value < 2097152 ? 3 : 4;
}

}  // namespace

ByteView ViewOf(const char* text) { return {reinterpret_cast<const uint8_t*>(text), strlen(text)}; }

bool SameBytes(ByteView one, ByteView other) {
  return one.size == other.size && (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

Status WriteConnect(PacketBuffer& out, const MqttConnect& connect) {
  if (!CanBeSaid(connect)) return Status::kIllegalInput;
  Writer writer(out);
  writer.Byte(0x10);
  writer.Length(ConnectLength(connect));
  writer.Text(ViewOf("MQTT"));
  writer.Byte(4);  // protocol level of 3.1.1
  writer.Byte(ConnectFlags(connect));
  writer.Number(connect.keepalive_s);
  writer.Text(connect.client_id);
  if (connect.will != nullptr) {
    writer.Text(connect.will->topic);
    writer.Text(connect.will->payload);
  }
  if (connect.user != nullptr) writer.Text(*connect.user);
  if (connect.password != nullptr) writer.Text(*connect.password);
  return writer.End(out);
}

Status WriteSubscribe(PacketBuffer& out, uint16_t id, ByteView topic) {
  if (!IsTopic(topic) || id == 0) return Status::kIllegalInput;
  Writer writer(out);
  writer.Byte(0x82);
  writer.Length(5 + topic.size);
  writer.Number(id);
  writer.Text(topic);
  writer.Byte(1);  // at least once
  return writer.End(out);
}

Status WritePuback(PacketBuffer& out, uint16_t id) {
  Writer writer(out);
  writer.Byte(0x40);
  writer.Byte(2);
  writer.Number(id);
  return writer.End(out);
}

Status WritePing(PacketBuffer& out) { return WriteShort(out, 0xC0); }

Status WriteDisconnect(PacketBuffer& out) { return WriteShort(out, 0xE0); }

Status BeginPublish(const PacketBuffer& out, ByteView topic, PublishDraft& draft) {
  if (!IsTopic(topic)) return Status::kIllegalInput;
  const size_t before = kMostHeader + 4 + topic.size;
  if (out.room - out.size <= before) return Status::kNoSpace;
  draft.payload = out.data + out.size + before;
  draft.room = out.room - out.size - before;
  return Status::kOk;
}

Status EndPublish(PacketBuffer& out, ByteView topic, uint16_t id, bool retain, size_t payload_bytes) {
  PublishDraft draft;
  const Status status = BeginPublish(out, topic, draft);
  if (status != Status::kOk) return status;
  if (payload_bytes > draft.room || id == 0) return Status::kNoSpace;
  const size_t length = 4 + topic.size + payload_bytes;
  // The length takes one to four bytes, and nobody knew how many when the payload was begun.
  memmove(out.data + out.size + 1 + LengthBytes(length) + 4 + topic.size, draft.payload, payload_bytes);
  Writer writer(out);
  writer.Byte(static_cast<uint8_t>(kPublishQos1 | (retain ? kRetain : 0U)));
  writer.Length(length);
  writer.Text(topic);
  writer.Number(id);
  const Status written = writer.End(out);
  if (written == Status::kOk) out.size += payload_bytes;
  return written;
}

}  // namespace linegate
