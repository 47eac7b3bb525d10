// The client against a broker that follows a script.
#include <string.h>

#include "linegate/mqtt_client.h"
#include "support/test.h"

using namespace linegate;
using namespace linegate::test;

namespace {

class Script final : public Transport, public Clock {
 public:
  Status Connect(uint32_t) override { return connect; }
  Status Send(const uint8_t* bytes, size_t size_bytes, uint32_t) override {
    if (broken) return Status::kUnavailable;
    EXPECT(sent_bytes + size_bytes <= sizeof sent);
    memcpy(sent + sent_bytes, bytes, size_bytes);
    sent_bytes += size_bytes;
    return Status::kOk;
  }
  // A piece of what the broker says, or time passes.
  Status Receive(uint8_t* bytes, size_t capacity, size_t* size_bytes, uint32_t wait_ms) override {
    if (said_bytes == 0) {
      now_ms += wait_ms;
      return ended ? Status::kUnavailable : Status::kTimeout;
    }
    size_t count = said_bytes < piece ? said_bytes : piece;
    if (count > capacity) count = capacity;
    memcpy(bytes, said, count);
    memmove(said, said + count, said_bytes - count);
    said_bytes -= count;
    *size_bytes = count;
    return Status::kOk;
  }
  void Close() override { closed++; }
  int64_t NowNs() override { return now_ms * 1000000; }
  int64_t WallMs() override { return 0; }
  WallState Wall() override { return WallState::kUnsynced; }

  void Say(const char* bytes, size_t size) {
    memcpy(said + said_bytes, bytes, size);
    said_bytes += size;
  }
  bool Sent(const char* bytes, size_t size) const {
    for (size_t at = 0; at + size <= sent_bytes; ++at) {
      if (memcmp(sent + at, bytes, size) == 0) return true;
    }
    return false;
  }

  Status connect = Status::kOk;
  bool broken = false;
  bool ended = false;
  size_t piece = 3;
  int closed = 0;
  int64_t now_ms = 1000;
  char said[8192] = {};
  size_t said_bytes = 0;
  char sent[8192] = {};
  size_t sent_bytes = 0;
};

#define SAY(script, text) (script).Say(text, sizeof(text) - 1)

class Listener final : public MqttListener {
 public:
  void OnMessage(ByteView payload) override {
    messages++;
    bytes += payload.size;
  }
  int messages = 0;
  size_t bytes = 0;
};

struct Desk {
  Script script;
  Listener listener;
  MqttClient client{script, script};

  Status Connect() {
    MqttConnect connect;
    connect.client_id = ViewOf("c");
    return client.Connect(connect, ViewOf("down"));
  }
  void Accept() { SAY(script, "\x20\x02\x00\x00\x90\x03\x00\x01\x01"); }
  Status Poll() {
    Status status = client.Poll(10, listener);
    while (status == Status::kOk && script.said_bytes > 0) status = client.Poll(10, listener);
    return status;
  }
};

}  // namespace

TEST(it_connects_subscribes_and_acknowledges_what_comes) {
  Desk desk;
  desk.Accept();
  EXPECT_EQ(desk.Connect(), Status::kOk);
  SAY(desk.script,
      "\x32\x0A\x00\x04"
      "down\x12\x34hi");
  SAY(desk.script,
      "\x32\x0B\x00\x05"
      "other\x12\x35hi");
  EXPECT_EQ(desk.Poll(), Status::kOk);
  EXPECT_EQ(desk.listener.messages, 1);
  EXPECT_EQ(desk.listener.bytes, 2);
  EXPECT(desk.script.Sent("\x40\x02\x12\x34", 4) && desk.script.Sent("\x40\x02\x12\x35", 4));
}

TEST(a_refusal_says_which) {
  Desk desk;
  SAY(desk.script, "\x20\x02\x00\x05");
  EXPECT_EQ(desk.Connect(), Status::kBadConfig);
  EXPECT_EQ(desk.client.Refusal(), 5);
  EXPECT_EQ(desk.script.closed, 1);
  Desk topic;
  SAY(topic.script, "\x20\x02\x00\x00\x90\x03\x00\x01\x80");
  EXPECT_EQ(topic.Connect(), Status::kBadConfig);
  EXPECT_EQ(topic.client.Refusal(), 0x80);
  Desk busy;
  SAY(busy.script, "\x20\x02\x00\x03");
  EXPECT_EQ(busy.Connect(), Status::kUnavailable);
}

TEST(a_broker_that_says_nothing_or_nonsense_ends_the_try) {
  Desk silent;
  const int64_t before_ms = silent.script.now_ms;
  EXPECT_EQ(silent.Connect(), Status::kTimeout);
  EXPECT(silent.script.now_ms - before_ms <= 10001);
  Desk nonsense;
  SAY(nonsense.script, "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(nonsense.Connect(), Status::kCorrupt);
  Desk wrong;
  SAY(wrong.script, "\x20\x02\x00\x00\x90\x03\x00\x07\x01");
  EXPECT_EQ(wrong.Connect(), Status::kCorrupt);
  EXPECT(!wrong.client.IsConnected());
}

TEST(it_pings_when_it_is_quiet_and_gives_up_without_an_answer) {
  Desk desk;
  desk.Accept();
  EXPECT_EQ(desk.Connect(), Status::kOk);
  desk.script.now_ms += 20000;
  EXPECT_EQ(desk.Poll(), Status::kOk);
  EXPECT(!desk.script.Sent("\xC0\x00", 2));
  desk.script.now_ms += 3000;
  EXPECT_EQ(desk.Poll(), Status::kOk);
  EXPECT(desk.script.Sent("\xC0\x00", 2));
  SAY(desk.script, "\xD0\x00");
  EXPECT_EQ(desk.Poll(), Status::kOk);
  desk.script.now_ms += 23000;
  EXPECT_EQ(desk.Poll(), Status::kOk);
  desk.script.now_ms += 10000;
  EXPECT_EQ(desk.Poll(), Status::kTimeout);
  EXPECT(!desk.client.IsConnected());
  EXPECT_EQ(desk.Poll(), Status::kUnavailable);
}

TEST(a_lost_connection_is_closed_once_and_publishes_nothing) {
  Desk desk;
  desk.Accept();
  EXPECT_EQ(desk.Connect(), Status::kOk);
  PublishDraft draft;
  EXPECT_EQ(desk.client.Begin(ViewOf("up"), &draft), Status::kOk);
  desk.script.broken = true;
  EXPECT_EQ(desk.client.Publish(ViewOf("up"), false, 3), Status::kUnavailable);
  EXPECT_EQ(desk.script.closed, 1);
  EXPECT_EQ(desk.client.Begin(ViewOf("up"), &draft), Status::kUnavailable);
  Desk ended;
  ended.Accept();
  EXPECT_EQ(ended.Connect(), Status::kOk);
  ended.script.ended = true;
  EXPECT_EQ(ended.Poll(), Status::kUnavailable);
}
