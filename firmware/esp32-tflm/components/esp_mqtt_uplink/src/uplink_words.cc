// What the station says, in JSON.
#include <string.h>

#include "linegate/core/json.h"
#include "linegate/core/row.h"
#include "linegate/uplink.h"

namespace linegate {
namespace {

constexpr double kNsPerMs = 1e6;

}  // namespace

size_t Uplink::WriteHello(const OutboxState& state, char* text, size_t capacity) {
  Hash head = Genesis(state.first_epoch);
  if (state.last_seq > 0) memcpy(head.bytes, state.head, kRowHashBytes);
  char hex[kHashTextBytes];
  HexOf(head, hex);
  Json json(text, capacity);
  json.BeginObject().Key("bootId").String(facts_.boot_id).Key("clock").BeginObject();
  json.Key("monoMs").Number(static_cast<double>(clock_.NowNs()) / kNsPerMs);
  json.Key("state").String(clock_.Wall() == WallState::kSynced ? "synced" : "unsynced");
  json.Key("wallMs").Integer(clock_.WallMs()).EndObject();
  json.Key("epoch").String(state.epoch).Key("firstUnacked").Integer(static_cast<int64_t>(state.acked_seq) + 1);
  json.Key("head").String(hex).Key("id").String(window_.HelloName());
  json.Key("lastSeq").Integer(static_cast<int64_t>(state.last_seq)).Key("modelDigest").String(facts_.model_digest);
  json.Key("parent");
  if (state.parent[0] == '\0') {
    json.Null();
  } else {
    json.BeginObject().Key("epoch").String(state.parent).Key("seq").Integer(static_cast<int64_t>(state.parent_seq));
    json.EndObject();
  }
  json.Key("recipe").String(facts_.recipe).Key("software").String(facts_.software).Key("v").Integer(1).EndObject();
  return json.Ok() ? json.SizeBytes() : 0;
}

size_t Uplink::WriteState(bool online, char* text, size_t capacity) {
  Json json(text, capacity);
  json.BeginObject().Key("online").Boolean(online).Key("recipe").String(facts_.recipe);
  json.Key("software").String(facts_.software).Key("v").Integer(1).Key("wallMs").Integer(clock_.WallMs()).EndObject();
  return json.Ok() ? json.SizeBytes() : 0;
}

void Uplink::SayHello() {
  OutboxState state{};
  PublishDraft draft;
  const ByteView topic = ViewOf(hello_topic_);
  if (outbox_.State(&state) != Status::kOk || client_.Begin(topic, &draft) != Status::kOk) return;
  const size_t size = WriteHello(state, reinterpret_cast<char*>(draft.payload), draft.room);
  // Whether it got there the answer tells; without one it is said again.
  if (size > 0) (void)client_.Publish(topic, false, size);
}

void Uplink::SayState(bool online) {
  PublishDraft draft;
  const ByteView topic = ViewOf(state_topic_);
  if (client_.Begin(topic, &draft) != Status::kOk) return;
  const size_t size = WriteState(online, reinterpret_cast<char*>(draft.payload), draft.room);
  if (size > 0) (void)client_.Publish(topic, true, size);
}

}  // namespace linegate
