#include "linegate/provisioning.h"

#include <string.h>

#include "support/test.h"

namespace linegate {
namespace {

class MemoryStore final : public SettingsStore {
 public:
  Status Load(Settings* settings) override {
    if (!has_) return Status::kNotFound;
    *settings = kept_;
    return Status::kOk;
  }
  Status Save(const Settings& settings) override {
    if (fails_) return Status::kDeviceFault;
    kept_ = settings;
    has_ = true;
    return Status::kOk;
  }
  Settings kept_ = {};
  bool has_ = false;
  bool fails_ = false;
};

// A conversation, a line at a time.
struct Talk {
  MemoryStore store;
  Provisioning provisioning{&store, "1.2.3"};
  char line[kMaxProvisioningLineBytes + 2] = {};
  char reply[kMaxProvisioningReplyBytes] = {};

  Talk() { provisioning.Open(); }

  const char* Say(const char* text) {
    const size_t size_bytes = strlen(text);
    memcpy(line, text, size_bytes);
    provisioning.Take(line, size_bytes, reply, sizeof reply);
    return reply;
  }
};

// A line that sets `key`, in memory of its own until the next one.
const char* SetLine(const char* key, const char* value) {
  static char line[256];
  const char* const parts[] = {"{\"op\":\"set\",\"key\":\"", key, "\",\"value\":\"", value, "\"}"};
  size_t used = 0;
  for (const char* part : parts) {
    for (; *part != '\0' && used + 1 < sizeof line; ++part) line[used++] = *part;
  }
  line[used] = '\0';
  return line;
}

TEST(ANewBoardSaysWhatItMisses) {
  static Talk talk;
  EXPECT_TEXT(
      talk.Say("{\"op\":\"hello\"}"),
      "linegate {\"reply\":\"hello\",\"firmware\":\"1.2.3\",\"missing\":[\"station\",\"wifi.ssid\",\"mqtt.host\","
      "\"gate.delayUs\",\"gate.widthUs\",\"gate.recoveryUs\",\"gate.leadUs\",\"gate.triggerDeadUs\"]}");
}

TEST(WhatIsToldIsKeptOnceItIsSaved) {
  static Talk talk;
  EXPECT_TEXT(talk.Say("{\"op\":\"set\",\"key\":\"wifi.ssid\",\"value\":\"hall \\\"7\\\" \\u0041\"}"),
              "linegate {\"reply\":\"set\",\"key\":\"wifi.ssid\",\"ok\":true}");
  talk.Say(" { \"op\" : \"set\" , \"key\" : \"gate.delayUs\" , \"value\" : \"400000\" } \r");
  EXPECT(!talk.store.has_);
  EXPECT_EQ(talk.provisioning.TakeWish(), Wish::kNone);
  EXPECT_TEXT(talk.Say("{\"op\":\"save\"}"), "linegate {\"reply\":\"save\",\"ok\":true}");
  EXPECT_TEXT(talk.store.kept_.wifi_ssid, "hall \"7\" A");
  EXPECT_EQ(talk.store.kept_.delay_us, 400000);
  EXPECT_EQ(talk.provisioning.TakeWish(), Wish::kRestart);
  EXPECT_EQ(talk.provisioning.TakeWish(), Wish::kNone);
}

TEST(ACertificateMayHaveLinesAndNothingElseMay) {
  static Talk talk;
  EXPECT(strstr(talk.Say("{\"op\":\"set\",\"key\":\"mqtt.ca\",\"value\":\"-----BEGIN\\nabc\\n\"}"), "true") != nullptr);
  EXPECT(strstr(talk.Say("{\"op\":\"set\",\"key\":\"mqtt.user\",\"value\":\"a\\nb\"}"), "illegal-input") != nullptr);
}

TEST(AValueThatIsRefusedLeavesTheOldOne) {
  static Talk talk;
  talk.Say("{\"op\":\"set\",\"key\":\"mqtt.port\",\"value\":\"1883\"}");
  const char* const values[] = {"0", "65536", "", "-1", "1.5", "99999999999", "abc"};
  for (const char* value : values) {
    EXPECT_TEXT(talk.Say(SetLine("mqtt.port", value)),
                "linegate {\"reply\":\"set\",\"key\":\"mqtt.port\",\"ok\":false,\"error\":\"illegal-input\"}");
  }
  talk.Say("{\"op\":\"save\"}");
  EXPECT_EQ(talk.store.kept_.mqtt_port, 1883);
}

TEST(WhatIsTooLongIsRefused) {
  static Talk talk;
  const char* const longer = "33 characters, one more than fits";
  EXPECT_EQ(strlen(longer), 33);
  EXPECT_TEXT(talk.Say(SetLine("wifi.ssid", longer)),
              "linegate {\"reply\":\"set\",\"key\":\"wifi.ssid\",\"ok\":false,\"error\":\"no-space\"}");
}

TEST(NoAnswerHoldsASecret) {
  static Talk talk;
  EXPECT(strstr(talk.Say("{\"op\":\"set\",\"key\":\"wifi.passphrase\",\"value\":\"open sesame\"}"), "sesame") ==
         nullptr);
  EXPECT(strstr(talk.Say("{\"op\":\"set\",\"key\":\"sesame!\",\"value\":\"open sesame\"}"), "sesame") == nullptr);
  EXPECT(strstr(talk.Say("{\"op\":\"set\",\"key\":\"mqtt.password\",\"value\":\"open sesame"), "sesame") == nullptr);
  bool left = false;
  for (size_t i = 0; i + 6 <= sizeof talk.line; ++i) left = left || memcmp(talk.line + i, "sesame", 6) == 0;
  EXPECT(!left);
}

TEST(AStoreThatFailsIsTold) {
  static Talk talk;
  talk.store.fails_ = true;
  EXPECT_TEXT(talk.Say("{\"op\":\"save\"}"), "linegate {\"reply\":\"save\",\"ok\":false,\"error\":\"device-fault\"}");
  EXPECT_EQ(talk.provisioning.TakeWish(), Wish::kNone);
}

TEST(AnUpdateNeedsAnAddressWithTls) {
  static Talk talk;
  const char* const refused = "linegate {\"reply\":\"update\",\"ok\":false,\"error\":\"bad-config\"}";
  EXPECT_TEXT(talk.Say("{\"op\":\"update\"}"), refused);
  talk.Say("{\"op\":\"set\",\"key\":\"update.url\",\"value\":\"http://files/linegate.bin\"}");
  EXPECT_TEXT(talk.Say("{\"op\":\"update\"}"), refused);
  EXPECT_EQ(talk.provisioning.TakeWish(), Wish::kNone);
  talk.Say("{\"op\":\"set\",\"key\":\"update.url\",\"value\":\"https://files/linegate.bin\"}");
  EXPECT_TEXT(talk.Say("{\"op\":\"update\"}"), "linegate {\"reply\":\"update\",\"ok\":true}");
  EXPECT_EQ(talk.provisioning.TakeWish(), Wish::kUpdate);
}

TEST(WhatIsNoLineOfOursIsRefused) {
  static Talk talk;
  const char* const lines[] = {"",
                               "{}",
                               "hello",
                               "{\"op\":\"erase\"}",
                               "{\"op\":1}",
                               "{\"op\":\"hello\"} x",
                               "{\"op\":\"hello\",}",
                               "{\"op\":\"hello\",\"op\":\"save\"}",
                               "{\"op\":\"set\",\"key\":\"station\"}",
                               "{\"op\":\"hel\\q\"}",
                               "{\"op\":\"hel\\u0000lo\"}",
                               "{\"op\":\"\\u00",
                               "{\"op\":\"x\\",
                               "[\"op\",\"hello\"]"};
  for (const char* line : lines) {
    EXPECT_TEXT(talk.Say(line), "linegate {\"reply\":\"error\",\"error\":\"bad-line\"}");
  }
}

TEST(AnyBytesAreSurvived) {
  static Talk talk;
  test::Noise noise(11);
  static constexpr char kUsual[] = "{}\",:\\opkeyvalusthn0u \x01\x80";
  for (int round = 0; round < 20000; ++round) {
    const auto size_bytes = static_cast<size_t>(noise.Below(64));
    for (size_t i = 0; i < size_bytes; ++i) talk.line[i] = kUsual[noise.Below(sizeof kUsual - 1)];
    const auto capacity = static_cast<size_t>(noise.Below(sizeof talk.reply + 1));
    talk.provisioning.Take(talk.line, size_bytes, talk.reply, capacity);
    EXPECT(capacity == 0 || memchr(talk.reply, 0, capacity) != nullptr);
  }
}

}  // namespace
}  // namespace linegate
