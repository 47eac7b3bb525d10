#include "linegate/mqtt_client.h"

namespace linegate {
namespace {

constexpr uint32_t kConnectMs = 10000;
constexpr uint32_t kSendMs = 5000;
constexpr int64_t kAnswerMs = 10000;

}  // namespace

Status MqttClient::Connect(const MqttConnect& connect, ByteView topic) {
  if (connected_) Disconnect();
  refusal_ = 0;
  parser_.Reset();
  out_ = {sending_, sizeof sending_, 0};
  const Status open = transport_.Connect(kConnectMs);
  if (open != Status::kOk) {
    transport_.Close();
    return open;
  }
  const Status greeted = Greet(connect, topic);
  if (greeted != Status::kOk) return Lost(greeted);
  topic_ = topic;
  keepalive_ms_ = int64_t{connect.keepalive_s} * 1000;
  pinged_ = false;
  connected_ = true;
  return Status::kOk;
}

Status MqttClient::Greet(const MqttConnect& connect, ByteView topic) {
  MqttPacket packet;
  Status status = WriteConnect(out_, connect);
  if (status != Status::kOk) return Status::kBadConfig;
  status = SendBuffer();
  if (status == Status::kOk) status = Await(MqttType::kConnack, &packet);
  if (status != Status::kOk) return status;
  if (packet.code != 0) {
    refusal_ = packet.code;
    return packet.code == 3 ? Status::kUnavailable : Status::kBadConfig;
  }
  const uint16_t id = NextId();
  if (WriteSubscribe(out_, id, topic) != Status::kOk) return Status::kBadConfig;
  status = SendBuffer();
  if (status == Status::kOk) status = Await(MqttType::kSuback, &packet);
  if (status != Status::kOk) return status;
  if (packet.id != id) return Status::kCorrupt;
  if (packet.code == 0x80) refusal_ = packet.code;
  return packet.code == 0x80 ? Status::kBadConfig : Status::kOk;
}

// Waits for a packet of one type. Messages that come before the subscription was answered are dropped: they are
// repeated.
Status MqttClient::Await(MqttType type, MqttPacket* packet) {
  const int64_t until_ms = NowMs() + kAnswerMs;
  for (int64_t left_ms = kAnswerMs; left_ms > 0; left_ms = until_ms - NowMs()) {
    size_t size = 0;
    const Status received = transport_.Receive(chunk_, sizeof chunk_, &size, static_cast<uint32_t>(left_ms));
    if (received == Status::kTimeout) continue;
    if (received != Status::kOk) return received;
    packet->id = 0;
    packet->code = 0xFF;
    const Status taken = Take({chunk_, size}, nullptr, type, packet);
    if (taken != Status::kOk || packet->code != 0xFF) return taken;
  }
  return Status::kTimeout;
}

// Handles what is whole; a packet of the awaited type goes to `found`, and its code is then no longer 0xFF.
Status MqttClient::Take(ByteView bytes, MqttListener* listener, MqttType awaited, MqttPacket* found) {
  heard_ms_ = NowMs();
  for (bool whole = true; whole;) {
    size_t used = 0;
    MqttPacket packet;
    Status status = parser_.Feed(bytes, used, whole, packet);
    if (status != Status::kOk) return Status::kCorrupt;
    bytes = {bytes.data + used, bytes.size - used};
    if (!whole) break;
    if (found != nullptr && packet.type == awaited) {
      *found = packet;
    } else {
      status = Handle(packet, listener);
      if (status != Status::kOk) return status;
    }
  }
  return Status::kOk;
}

Status MqttClient::Handle(const MqttPacket& packet, MqttListener* listener) {
  switch (packet.type) {
    case MqttType::kPublish:
      if (listener != nullptr && SameBytes(packet.topic, topic_)) listener->OnMessage(packet.payload);
      if (packet.qos == 0) return Status::kOk;
      if (WritePuback(out_, packet.id) != Status::kOk) return Status::kNoSpace;
      return SendBuffer();
    case MqttType::kPingresp: pinged_ = false; return Status::kOk;
    case MqttType::kPuback: return Status::kOk;
    // Nothing was asked that these would answer.
    case MqttType::kConnack:
    case MqttType::kSuback: return Status::kCorrupt;
  }
  return Status::kCorrupt;
}

Status MqttClient::Poll(uint32_t wait_ms, MqttListener& listener) {
  if (!connected_) return Status::kUnavailable;
  size_t size = 0;
  Status status = transport_.Receive(chunk_, sizeof chunk_, &size, wait_ms);
  if (status == Status::kOk) status = Take({chunk_, size}, &listener, MqttType::kConnack, nullptr);
  if (status == Status::kTimeout) status = Status::kOk;
  // What the listener published may have lost the connection already.
  if (!connected_) return Status::kUnavailable;
  if (status == Status::kOk) status = KeepAlive();
  return status == Status::kOk ? status : Lost(status);
}

Status MqttClient::KeepAlive() {
  if (keepalive_ms_ == 0) return Status::kOk;
  const int64_t now_ms = NowMs();
  if (pinged_ && now_ms - pinged_ms_ >= kAnswerMs) return Status::kTimeout;
  const int64_t quiet_ms = sent_ms_ < heard_ms_ ? now_ms - sent_ms_ : now_ms - heard_ms_;
  if (pinged_ || quiet_ms < keepalive_ms_ * 3 / 4) return Status::kOk;
  pinged_ = true;
  pinged_ms_ = now_ms;
  if (WritePing(out_) != Status::kOk) return Status::kNoSpace;
  return SendBuffer();
}

Status MqttClient::Begin(ByteView topic, PublishDraft* draft) {
  if (!connected_) return Status::kUnavailable;
  return BeginPublish(out_, topic, *draft);
}

Status MqttClient::Publish(ByteView topic, bool retain, size_t payload_bytes) {
  if (!connected_) return Status::kUnavailable;
  const Status written = EndPublish(out_, topic, NextId(), retain, payload_bytes);
  if (written != Status::kOk) return written;
  const Status sent = SendBuffer();
  return sent == Status::kOk ? sent : Lost(sent);
}

void MqttClient::Disconnect() {
  if (!connected_) return;
  if (WriteDisconnect(out_) == Status::kOk) (void)SendBuffer();
  (void)Lost(Status::kOk);
}

Status MqttClient::SendBuffer() {
  const Status sent = transport_.Send(out_.data, out_.size, kSendMs);
  out_.size = 0;
  sent_ms_ = NowMs();
  return sent;
}

Status MqttClient::Lost(Status why) {
  connected_ = false;
  transport_.Close();
  return why;
}

uint16_t MqttClient::NextId() {
  ++last_id_;
  if (last_id_ == 0) last_id_ = 1;
  return last_id_;
}

}  // namespace linegate
