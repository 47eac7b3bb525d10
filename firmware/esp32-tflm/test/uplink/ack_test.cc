#include "linegate/ack.h"

#include <string.h>

#include "linegate/inflate.h"
#include "support/test.h"

using namespace linegate;
using namespace linegate::test;

namespace {

constexpr uint8_t kDynamic[] = {
    0x78, 0xDA, 0x8D, 0xD0, 0xBF, 0x0A, 0xC2, 0x30, 0x10, 0xC7, 0xF1, 0x57, 0x09, 0x37, 0x67, 0x68, 0xFE, 0xD7, 0x3C,
    0x86, 0xAB, 0x38, 0x94, 0x98, 0xD0, 0x4A, 0x35, 0xD2, 0x06, 0x3B, 0x94, 0xBE, 0xBB, 0x95, 0xC6, 0x45, 0x38, 0xB8,
    0xF5, 0xEE, 0xC7, 0x77, 0xF8, 0xAC, 0xF0, 0x06, 0x2F, 0x38, 0xC4, 0x57, 0x0E, 0x3D, 0x78, 0x68, 0x83, 0x48, 0xC0,
    0x61, 0x8A, 0xF7, 0x18, 0x0A, 0xF8, 0xCB, 0x0A, 0x69, 0xCA, 0x0F, 0xF0, 0x0D, 0x87, 0x92, 0xC1, 0xBB, 0xEF, 0xAB,
    0x9B, 0xF3, 0x73, 0x9F, 0x86, 0xFC, 0x4C, 0xE3, 0xB0, 0xAF, 0x38, 0xDC, 0x62, 0xE9, 0x86, 0x71, 0xBF, 0x9D, 0xF3,
    0xC2, 0x1A, 0x96, 0x13, 0x2B, 0x7D, 0x64, 0x53, 0x5E, 0x66, 0xD8, 0xF8, 0x2F, 0xD1, 0x1E, 0x09, 0x61, 0x08, 0x8D,
    0x16, 0x69, 0x08, 0x7B, 0x44, 0xA4, 0x22, 0x44, 0x84, 0x45, 0x2A, 0x52, 0x1F, 0x15, 0x25, 0x08, 0x15, 0xA9, 0x91,
    0x8A, 0x92, 0xB5, 0x72, 0x22, 0x54, 0x94, 0x44, 0x2A, 0xBA, 0xCA, 0x6A, 0x0A, 0xAD, 0xC6, 0x6C, 0x75, 0xC5, 0x35,
    0x14, 0x5C, 0x8D, 0xE9, 0x9A, 0xAA, 0x6B, 0x29, 0xBA, 0x06, 0xD3, 0xB5, 0x55, 0xD7, 0x51, 0x74, 0x2D, 0xA6, 0xEB,
    0xAA, 0xAE, 0xA3, 0xE8, 0xBA, 0x3F, 0xDD, 0xEB, 0xF6, 0x01, 0xAC, 0xAF, 0xE3, 0xAA};
constexpr uint8_t kFixed[] = {0x78, 0x01, 0x4B, 0x4C, 0x4A, 0x4E, 0x84, 0x21, 0x85, 0x8C, 0xD4,
                              0x9C, 0x9C, 0x7C, 0x08, 0x09, 0x00, 0x70, 0x12, 0x09, 0x01};
constexpr uint8_t kStored[] = {0x78, 0x01, 0x01, 0x0F, 0x00, 0xF0, 0xFF, 0x73, 0x74, 0x6F, 0x72, 0x65, 0x64,
                               0x20, 0x61, 0x73, 0x20, 0x69, 0x74, 0x20, 0x69, 0x73, 0x2D, 0xED, 0x05, 0x7F};
constexpr char kGood[] =
    "{\"v\":1,\"epoch\":\"8c1f\",\"hello\":null,\"ranges\":[[41,60],[70,71]],\"maxContig\":60,\"head\":"
    "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\",\"credit\":32,\"retryMs\":5000.5,\"reject\":"
    "[{\"from\":62,\"to\":63,\"reason\":\"corrupt\",\"detail\":\"It \\u00e9 \\ud83d\\ude00 \\\"fits\\\" "
    "not.\"}],\"newer\":{\"a\":[1,{}]}}";

Status Read(const char* text, Ack* ack) { return ReadAck(text, strlen(text), ack); }

// The good one with a piece replaced.
Status ReadChanged(const char* piece, const char* instead) {
  char text[1024];
  const char* at = strstr(kGood, piece);
  const auto before = static_cast<size_t>(at - kGood);
  memcpy(text, kGood, before);
  size_t size = before;
  for (const char* c = instead; *c != '\0'; ++c) text[size++] = *c;
  for (const char* c = at + strlen(piece); *c != '\0'; ++c) text[size++] = *c;
  Ack ack{};
  return ReadAck(text, size, &ack);
}

}  // namespace

TEST(an_ack_is_read_with_what_it_says) {
  Ack ack{};
  EXPECT_EQ(Read(kGood, &ack), Status::kOk);
  EXPECT_TEXT(ack.epoch, "8c1f");
  EXPECT(!ack.answers_hello && ack.has_head);
  EXPECT_EQ(ack.ranges.Count(), 2);
  EXPECT_EQ(ack.ranges.At(1).from, 70);
  EXPECT_EQ(ack.max_contig, 60);
  EXPECT_EQ(ack.head[1], 0x11);
  EXPECT_EQ(ack.credit, 32);
  EXPECT_EQ(ack.retry_ms, 5000);
  EXPECT_EQ(ack.reject_count, 1);
  EXPECT_EQ(ack.rejects[0].reason, RejectReason::kCorrupt);
  EXPECT_TEXT(ack.detail, "It \xC3\xA9 \xF0\x9F\x98\x80 \"fits\" not.");
}

TEST(anything_else_is_refused) {
  EXPECT_EQ(ReadChanged("\"v\":1", "\"v\":2"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("[41,60]", "[41,40]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("[41,60]", "[0,60]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("[70,71]", "[61,71]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("[70,71]", "[70,71,72]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("[70,71]", "[70]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"maxContig\":60", "\"maxContig\":60.5"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"maxContig\":60", "\"maxContig\":-1"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"maxContig\":60", "\"maxContig\":99999999999999999999"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"credit\":32", "\"credit\":0"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("5000.5", "99"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("0011", "001"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("0011", "00GG"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"newer\"", "\"credit\""), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"hello\":null,", ""), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("{}]}}", "{}]}} x"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("{}]}}", "{}]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("{}", "[[[[[[[[[[]]]]]]]]]]"), Status::kCorrupt);
  EXPECT_EQ(ReadChanged("\"from\":62,", ""), Status::kCorrupt);
}

TEST(every_cut_of_an_ack_is_refused) {
  for (size_t size = 0; size + 1 < sizeof kGood; ++size) {
    Ack ack{};
    EXPECT_EQ(ReadAck(kGood, size, &ack), Status::kCorrupt);
  }
}

TEST(a_name_of_another_station_is_no_name_of_this_one) {
  Ack ack{};
  // An answer to a hello with a name that is far too long must not be cut to one that fits.
  const char* changed =
      "{\"v\":1,\"epoch\":\"8c1f\",\"hello\":\"aaaaaaaa-1bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\"ranges\":[],\"maxContig\":"
      "0,"
      "\"head\":null,\"credit\":1,\"retryMs\":100,\"reject\":[]}";
  EXPECT_EQ(Read(changed, &ack), Status::kOk);
  EXPECT(ack.answers_hello && !ack.has_head);
  EXPECT(ack.hello[0] == '?');
}

TEST(zlib_streams_of_all_kinds_are_inflated) {
  uint8_t out[2048];
  size_t size = 0;
  EXPECT_EQ(Inflate(kDynamic, sizeof kDynamic, out, sizeof out, &size), Status::kOk);
  EXPECT_EQ(size, 728);
  EXPECT(memcmp(out, "{\"v\":1,\"epoch\":\"8c1f\"", 21) == 0 && memcmp(out + size - 3, "}]}", 3) == 0);
  EXPECT_EQ(Inflate(kFixed, sizeof kFixed, out, sizeof out, &size), Status::kOk);
  EXPECT(size == 24 && memcmp(out, "abcabcabcabc hello hello", 24) == 0);
  EXPECT_EQ(Inflate(kStored, sizeof kStored, out, sizeof out, &size), Status::kOk);
  EXPECT(size == 15 && memcmp(out, "stored as it is", 15) == 0);
}

TEST(a_stream_that_is_cut_changed_or_too_large_is_refused) {
  uint8_t out[2048];
  size_t size = 0;
  for (size_t cut = 0; cut < sizeof kDynamic; ++cut) {
    EXPECT_EQ(Inflate(kDynamic, cut, out, sizeof out, &size), Status::kCorrupt);
  }
  EXPECT_EQ(Inflate(kDynamic, sizeof kDynamic, out, 728 - 1, &size), Status::kNoSpace);
  static uint8_t whole[2048];
  size_t whole_size = 0;
  EXPECT_EQ(Inflate(kDynamic, sizeof kDynamic, whole, sizeof whole, &whole_size), Status::kOk);
  for (size_t at = 0; at < sizeof kDynamic * 8; ++at) {
    uint8_t changed[sizeof kDynamic];
    memcpy(changed, kDynamic, sizeof changed);
    changed[at / 8] = static_cast<uint8_t>(changed[at / 8] ^ (1U << (at % 8)));
    const Status status = Inflate(changed, sizeof changed, out, sizeof out, &size);
    // A few bits before the sum fill up a byte and mean nothing.
    EXPECT(status != Status::kOk || (size == whole_size && memcmp(out, whole, size) == 0));
  }
}
