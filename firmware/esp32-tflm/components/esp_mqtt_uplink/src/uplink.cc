#include "linegate/uplink.h"

#include <string.h>

#include "linegate/batch.h"
#include "linegate/inflate.h"

namespace linegate {
namespace {

constexpr uint32_t kShortestWaitMs = 1000;
constexpr uint32_t kLongestWaitMs = 60000;
// A connection that lived so long was a good one: the next wait is short again.
constexpr int64_t kGoodMs = 10000;
constexpr uint32_t kMostDoublings = 6;
constexpr uint8_t kZlib = 0x78;
constexpr size_t kLongestStation = 63;

bool IsStationName(const char* name) {
  const size_t size = strlen(name);
  for (size_t i = 0; i < size; ++i) {
    const char c = name[i];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && (i == 0 || (c != '-' && c != '_'))) return false;
  }
  return size > 0 && size <= kLongestStation;
}

// Eight digits that no other boot's hellos begin with.
void MakeName(uint32_t random, char name[9]) {
  for (int i = 0; i < 8; ++i, random >>= 4U) name[i] = "0123456789abcdef"[random & 15U];
  name[8] = '\0';
}

}  // namespace

bool Uplink::MakeTopic(const char* channel, char* topic) {
  const char* const pieces[] = {"edge/v1/", facts_.station, channel};
  size_t at = 0;
  for (const char* piece : pieces) {
    const size_t size = strlen(piece);
    if (at + size >= kTopicBytes) return false;
    memcpy(topic + at, piece, size + 1);
    at += size;
  }
  return true;
}

Status Uplink::Start() {
  if (!IsStationName(facts_.station)) return Status::kBadConfig;
  const bool named = MakeTopic("/up/batch", batch_topic_) && MakeTopic("/up/hello", hello_topic_) &&
                     MakeTopic("/up/state", state_topic_) && MakeTopic("/down/ack", ack_topic_);
  if (!named) return Status::kBadConfig;
  memcpy(client_id_, "linegate-", 9);
  memcpy(client_id_ + 9, facts_.station, strlen(facts_.station) + 1);
  OutboxState state{};
  const Status found = outbox_.State(&state);
  if (found != Status::kOk) return found;
  char name[9];
  MakeName(platform_.Random(), name);
  window_.Begin(name, state.epoch, state.last_seq, state.acked_seq);
  last_seq_ = state.last_seq;
  next_try_ms_ = NowMs();
  started_ = true;
  return Status::kOk;
}

void Uplink::Turn(uint32_t wait_ms) {
  if (!started_) return;
  if (!online_) return TryToConnect(wait_ms);
  Status status = client_.Poll(wait_ms, *this);
  if (status == Status::kOk) {
    Look();
    Do(window_.Tick(NowMs()));
    SendDue();
    // Whatever was to be sent may have found the connection gone.
    if (!client_.IsConnected()) status = Status::kUnavailable;
  }
  if (status != Status::kOk) Lost(status);
}

void Uplink::TryToConnect(uint32_t wait_ms) {
  const int64_t left_ms = next_try_ms_ - NowMs();
  if (left_ms > 0) {
    platform_.SleepMs(left_ms < int64_t{wait_ms} ? static_cast<uint32_t>(left_ms) : wait_ms);
    return;
  }
  connected_ms_ = 0;
  const Status connected = Connect();
  if (connected != Status::kOk) return Lost(connected);
  online_ = true;
  connected_ms_ = NowMs();
  told_.connections++;
  SayState(true);
  Do(window_.Connected(NowMs()));
}

Status Uplink::Connect() {
  char will_text[512];
  const size_t will_bytes = WriteState(false, will_text, sizeof will_text);
  const MqttWill will{ViewOf(state_topic_), {reinterpret_cast<const uint8_t*>(will_text), will_bytes}};
  const ByteView user = facts_.user == nullptr ? ByteView{} : ViewOf(facts_.user);
  const ByteView password = facts_.password == nullptr ? ByteView{} : ViewOf(facts_.password);
  MqttConnect connect;
  connect.client_id = ViewOf(client_id_);
  connect.will = will_bytes > 0 ? &will : nullptr;
  connect.user = facts_.user == nullptr ? nullptr : &user;
  connect.password = facts_.password == nullptr ? nullptr : &password;
  return client_.Connect(connect, ViewOf(ack_topic_));
}

// Waits longer each time, by chance, so that the stations of a plant do not come back all at once.
void Uplink::Lost(Status why) {
  online_ = false;
  told_.last_end = why;
  window_.Disconnected();
  const int64_t now_ms = NowMs();
  if (connected_ms_ > 0 && now_ms - connected_ms_ >= kGoodMs) tries_ = 0;
  uint32_t most_ms = (2 * kShortestWaitMs) << (tries_ < kMostDoublings ? tries_ : kMostDoublings);
  if (most_ms > kLongestWaitMs) most_ms = kLongestWaitMs;
  ++tries_;
  next_try_ms_ = now_ms + kShortestWaitMs + platform_.Random() % (most_ms - kShortestWaitMs);
}

// Rows that were appended since.
void Uplink::Look() {
  OutboxState state{};
  if (outbox_.State(&state) != Status::kOk || state.last_seq <= last_seq_) return;
  last_seq_ = state.last_seq;
  window_.Appended(state.last_seq, !state.last_is_pass, NowMs());
}

void Uplink::SendDue() {
  Range rows{};
  while (client_.IsConnected() && window_.NextBatch(NowMs(), &rows)) {
    PublishDraft draft;
    const ByteView topic = ViewOf(batch_topic_);
    size_t size = 0;
    Range sent{};
    Status status = client_.Begin(topic, &draft);
    if (status == Status::kOk) {
      status = WriteBatch(outbox_, rows, reinterpret_cast<char*>(draft.payload), draft.room, &size, &sent);
    }
    if (status != Status::kOk) return window_.NotSent(NowMs());
    window_.Sent(sent, NowMs());
    (void)client_.Publish(topic, false, size);
  }
}

void Uplink::OnMessage(ByteView payload) {
  ByteView text = payload;
  if (payload.size > 0 && payload.data[0] == kZlib) {
    size_t size = 0;
    if (Inflate(payload.data, payload.size, text_, sizeof text_, &size) != Status::kOk) {
      told_.bad_messages++;
      return;
    }
    text = {text_, size};
  }
  if (ReadAck(reinterpret_cast<const char*>(text.data), text.size, &ack_) != Status::kOk) {
    told_.bad_messages++;
    return;
  }
  if (!window_.Expects(ack_)) return;
  uint8_t own[kRowHashBytes];
  const bool known = ack_.max_contig > 0 && outbox_.HashAt(ack_.max_contig, own) == Status::kOk;
  Do(window_.Took(ack_, known ? own : nullptr, NowMs()));
}

void Uplink::Do(const WindowSays& says) {
  if (says.notice != UplinkNotice::kNone) {
    told_.notice = says.notice;
    told_.notices++;
    memcpy(told_.detail, ack_.detail, sizeof told_.detail);
  }
  // Failing costs a repetition.
  if (says.acknowledge) (void)outbox_.Acknowledge(says.acknowledged);
  if (says.branch) BeginBranch();
  if (says.hello) SayHello();
}

void Uplink::BeginBranch() {
  OutboxState state{};
  if (outbox_.Branch() != Status::kOk || outbox_.State(&state) != Status::kOk) {
    window_.NotBranched(NowMs());
    return;
  }
  Do(window_.Branched(state.epoch, state.last_seq, state.acked_seq, NowMs()));
}

void Uplink::Stop() {
  if (!started_) return;
  started_ = false;
  if (client_.IsConnected()) SayState(false);
  client_.Disconnect();
  window_.Disconnected();
}

UplinkState Uplink::State() const {
  UplinkState state = told_;
  state.link = window_.State();
  state.last_seq = last_seq_;
  state.acked_seq = window_.Acked();
  return state;
}

}  // namespace linegate
