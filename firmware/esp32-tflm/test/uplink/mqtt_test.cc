#include <string.h>

#include "linegate/mqtt_packet.h"
#include "support/test.h"

using namespace linegate;
using namespace linegate::test;

namespace {

struct Out {
  uint8_t bytes[256] = {};
  PacketBuffer buffer{bytes, sizeof bytes, 0};
};

bool Wrote(const Out& out, const char* bytes, size_t size) {
  return out.buffer.size == size && memcmp(out.bytes, bytes, size) == 0;
}

// What a parser makes of a stream that comes in pieces: a sum over all packets, and the status it ends with.
struct Heard {
  uint64_t sum = 0;
  uint32_t packets = 0;
  Status end = Status::kOk;
  bool operator==(const Heard& other) const { return sum == other.sum && packets == other.packets && end == other.end; }
};

void Mix(uint64_t* sum, ByteView bytes) {
  for (size_t i = 0; i < bytes.size; ++i) *sum = (*sum ^ bytes.data[i]) * 1099511628211U;
  *sum = (*sum ^ bytes.size) * 1099511628211U;
}

Heard Hear(ByteView stream, size_t (*piece)(Noise*), uint64_t seed) {
  static uint8_t memory[128];
  MqttParser parser(memory, sizeof memory);
  Noise noise(seed);
  Heard heard;
  for (size_t at = 0; at < stream.size;) {
    size_t left = piece(&noise);
    if (left > stream.size - at) left = stream.size - at;
    ByteView bytes{stream.data + at, left};
    at += left;
    for (bool whole = true; whole;) {
      size_t used = 0;
      MqttPacket packet;
      heard.end = parser.Feed(bytes, used, whole, packet);
      if (heard.end != Status::kOk) return heard;
      bytes = {bytes.data + used, bytes.size - used};
      if (!whole) break;
      heard.packets++;
      heard.sum =
          (heard.sum ^ static_cast<uint64_t>(packet.type)) * 31 + packet.code + packet.id * uint64_t{7} + packet.qos;
      Mix(&heard.sum, packet.topic);
      Mix(&heard.sum, packet.payload);
    }
  }
  return heard;
}

size_t All(Noise*) { return SIZE_MAX; }
size_t One(Noise*) { return 1; }
size_t Some(Noise* noise) { return 1 + noise->Below(9); }

constexpr char kStream[] =
    "\x20\x02\x00\x00"      // CONNACK
    "\x90\x03\x00\x01\x01"  // SUBACK
    "\x32\x08\x00\x02"
    "ab\x12\x34"
    "hi"  // PUBLISH, QoS 1
    "\x30\x05\x00\x01z"
    "ok"                         // PUBLISH, QoS 0
    "\x40\x02\x00\x07\xD0\x00";  // PUBACK, PINGRESP

Status Refusal(const char* bytes, size_t size) {
  return Hear({reinterpret_cast<const uint8_t*>(bytes), size}, All, 1).end;
}

#define REFUSED(text, why) EXPECT_EQ(Refusal(text, sizeof(text) - 1), why)

}  // namespace

TEST(packets_are_written_as_the_standard_draws_them) {
  Out out;
  MqttConnect connect;
  connect.client_id = ViewOf("linegate-a");
  EXPECT_EQ(WriteConnect(out.buffer, connect), Status::kOk);
  EXPECT(Wrote(out, "\x10\x16\x00\x04MQTT\x04\x02\x00\x1E\x00\x0Alinegate-a", 24));
  Out full;
  const MqttWill will{ViewOf("t"), ViewOf("gone")};
  const ByteView user = ViewOf("me");
  const ByteView password = ViewOf("pw");
  connect = {ViewOf("c"), 60, &will, &user, &password};
  EXPECT_EQ(WriteConnect(full.buffer, connect), Status::kOk);
  EXPECT(Wrote(full,
               "\x10\x1E\x00\x04MQTT\x04\xEE\x00\x3C\x00\x01"
               "c\x00\x01t\x00\x04gone\x00\x02me\x00\x02pw",
               32));
  Out others;
  EXPECT_EQ(WriteSubscribe(others.buffer, 9, ViewOf("a/b")), Status::kOk);
  EXPECT_EQ(WritePuback(others.buffer, 0x1234), Status::kOk);
  EXPECT_EQ(WritePing(others.buffer), Status::kOk);
  EXPECT_EQ(WriteDisconnect(others.buffer), Status::kOk);
  EXPECT(Wrote(others,
               "\x82\x08\x00\x09\x00\x03"
               "a/b\x01\x40\x02\x12\x34\xC0\x00\xE0\x00",
               18));
}

TEST(a_publish_is_made_in_place_whatever_its_length) {
  static uint8_t memory[20000];
  static constexpr size_t kSizes[] = {0, 1, 120, 121, 122, 16372, 16400};
  for (const size_t size : kSizes) {
    PacketBuffer out{memory, sizeof memory, 0};
    PublishDraft draft;
    EXPECT_EQ(BeginPublish(out, ViewOf("t/u"), draft), Status::kOk);
    for (size_t i = 0; i < size; ++i) draft.payload[i] = static_cast<uint8_t>(i * 7);
    EXPECT_EQ(EndPublish(out, ViewOf("t/u"), 5, true, size), Status::kOk);
    static uint8_t body[20000];
    MqttParser parser(body, sizeof body);
    size_t used = 0;
    bool whole = false;
    MqttPacket packet;
    EXPECT_EQ(parser.Feed({memory, out.size}, used, whole, packet), Status::kOk);
    EXPECT(whole && used == out.size && packet.retain && packet.qos == 1 && packet.id == 5);
    EXPECT(SameBytes(packet.topic, ViewOf("t/u")));
    EXPECT_EQ(packet.payload.size, size);
    bool same = true;
    for (size_t i = 0; i < packet.payload.size; ++i)
      same = same && packet.payload.data[i] == static_cast<uint8_t>(i * 7);
    EXPECT(same);
  }
}

TEST(what_does_not_fit_or_cannot_be_said_writes_nothing) {
  uint8_t memory[24] = {};
  for (size_t room = 0; room < 24; ++room) {
    PacketBuffer out{memory, room, 0};
    MqttConnect connect;
    connect.client_id = ViewOf("linegate-a");
    EXPECT_EQ(WriteConnect(out, connect), Status::kNoSpace);
    EXPECT_EQ(out.size, 0);
  }
  Out out;
  PublishDraft draft;
  EXPECT_EQ(WriteSubscribe(out.buffer, 0, ViewOf("a")), Status::kIllegalInput);
  EXPECT_EQ(WriteSubscribe(out.buffer, 1, ViewOf("a/#")), Status::kIllegalInput);
  EXPECT_EQ(WriteSubscribe(out.buffer, 1, ViewOf("")), Status::kIllegalInput);
  EXPECT_EQ(BeginPublish(out.buffer, ViewOf("a/+"), draft), Status::kIllegalInput);
  MqttConnect connect;
  const ByteView password = ViewOf("pw");
  connect.client_id = ViewOf("c");
  connect.password = &password;
  EXPECT_EQ(WriteConnect(out.buffer, connect), Status::kIllegalInput);
  EXPECT_EQ(EndPublish(out.buffer, ViewOf("a"), 1, false, 1000), Status::kNoSpace);
  EXPECT_EQ(out.buffer.size, 0);
}

TEST(every_split_of_a_stream_gives_the_same_packets) {
  const ByteView stream{reinterpret_cast<const uint8_t*>(kStream), sizeof kStream - 1};
  const Heard whole = Hear(stream, All, 1);
  EXPECT_EQ(whole.packets, 6);
  EXPECT_EQ(whole.end, Status::kOk);
  EXPECT(Hear(stream, One, 1) == whole);
  for (uint64_t seed = 0; seed < 500; ++seed) EXPECT(Hear(stream, Some, seed) == whole);
}

TEST(random_bytes_give_the_same_in_every_split) {
  Noise noise(3);
  for (int run = 0; run < 20000; ++run) {
    uint8_t bytes[96];
    const size_t size = 1 + noise.Below(sizeof bytes);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(noise.Next() >> 13U);
    // Mostly a good beginning.
    const size_t good = noise.Below(sizeof kStream);
    if (noise.Below(3) > 0) memcpy(bytes, kStream, good < size ? good : size);
    const Heard whole = Hear({bytes, size}, All, 1);
    const Heard single = Hear({bytes, size}, One, 1);
    const Heard some = Hear({bytes, size}, Some, static_cast<uint64_t>(run));
    EXPECT(single == whole && some == whole);
  }
}

TEST(what_a_broker_must_not_send_is_refused) {
  REFUSED("\x10\x00", Status::kCorrupt);                      // a CONNECT
  REFUSED("\x21\x02\x00\x00", Status::kCorrupt);              // flags
  REFUSED("\x20\x03\x00\x00\x00", Status::kCorrupt);          // a CONNACK too long
  REFUSED("\x20\x02\x01\x00", Status::kCorrupt);              // a session nobody asked for
  REFUSED("\x20\x02\x00\x06", Status::kCorrupt);              // a code that is none
  REFUSED("\x90\x03\x00\x00\x01", Status::kCorrupt);          // an answer to nothing
  REFUSED("\x90\x03\x00\x01\x03", Status::kCorrupt);          // QoS 3
  REFUSED("\x34\x05\x00\x01z\x00\x01", Status::kCorrupt);     // QoS 2
  REFUSED("\x38\x03\x00\x01z", Status::kCorrupt);             // QoS 0 that comes again
  REFUSED("\x32\x05\x00\x01z\x00\x00", Status::kCorrupt);     // id 0
  REFUSED("\x32\x03\x00\x05z", Status::kCorrupt);             // a topic beyond the packet
  REFUSED("\x30\x02\x00\x00", Status::kCorrupt);              // no topic
  REFUSED("\x30\x03\x00\x01#", Status::kCorrupt);             // a wildcard
  REFUSED("\x30\x04\x00\x02\xC0\x80", Status::kCorrupt);      // not UTF-8
  REFUSED("\x30\x05\x00\x03\xED\xA0\x80", Status::kCorrupt);  // half a surrogate pair
  REFUSED("\x40\x02\x00\x00", Status::kCorrupt);              // PUBACK of 0
  REFUSED("\xD0\x01\x00", Status::kCorrupt);                  // a PINGRESP with a body
  REFUSED("\x30\xFF\xFF\xFF\xFF\x01", Status::kCorrupt);      // a length of five bytes
  REFUSED("\x30\x81\x01", Status::kNoSpace);                  // 129 bytes, and there is room for 128
}
