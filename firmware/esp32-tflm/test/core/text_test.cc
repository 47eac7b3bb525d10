#include <stdint.h>
#include <string.h>

#include "linegate/core/json.h"
#include "linegate/core/number.h"
#include "linegate/core/sha256.h"
#include "support/test.h"

using linegate::Json;

namespace {

const char* TextOf(double value) {
  static char text[linegate::kNumberBytes];
  linegate::NumberText(value, text);
  return text;
}

const char* HashOf(const char* message) {
  static char text[linegate::kHashTextBytes];
  linegate::Sha256 sha;
  sha.Update(message);
  linegate::HexOf(sha.Finish(), text);
  return text;
}

}  // namespace

TEST(numbers_read_as_in_javascript) {
  EXPECT_TEXT(TextOf(0), "0");
  EXPECT_TEXT(TextOf(-0.0), "0");
  EXPECT_TEXT(TextOf(1), "1");
  EXPECT_TEXT(TextOf(-2.5), "-2.5");
  EXPECT_TEXT(TextOf(0.1), "0.1");
  EXPECT_TEXT(TextOf(1e21), "1e+21");
  EXPECT_TEXT(TextOf(123456789012345680000.0), "123456789012345680000");
  EXPECT_TEXT(TextOf(1e-7), "1e-7");
  EXPECT_TEXT(TextOf(0.000001), "0.000001");
  EXPECT_TEXT(TextOf(5e-324), "5e-324");
  EXPECT_TEXT(TextOf(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_TEXT(TextOf(9007199254740993.0), "9007199254740992");
}

TEST(what_is_not_finite_is_null) {
  const double zero = 0;
  uint64_t bits = UINT64_C(0x7ff0000000000000);
  double infinite = zero;
  memcpy(&infinite, &bits, sizeof bits);
  EXPECT_TEXT(TextOf(infinite), "null");
  EXPECT_TEXT(TextOf(-infinite), "null");
}

TEST(rounding_is_to_the_nearest_with_halves_up) {
  EXPECT_EQ(linegate::Round(2.5), 3);
  EXPECT_EQ(linegate::Round(-2.5), -2);
  EXPECT_EQ(linegate::Round(-2.6), -3);
  EXPECT_EQ(linegate::Round(0.49999999999999994), 0);
}

TEST(hashes_are_those_of_the_standard) {
  EXPECT_TEXT(HashOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_TEXT(HashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TEXT(HashOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(objects_nest_and_escape) {
  char text[200];
  Json json(text, sizeof text);
  json.BeginObject().Key("a").BeginArray().Integer(-9007199254740991).Number(0.5).EndArray();
  json.Key("b").BeginObject().EndObject().Key("c").Null().Key("d").Boolean(true);
  json.Key("e").String("\"\\\b\f\n\r\t\x01\x1f\x7fü").EndObject();
  EXPECT(json.Ok());
  EXPECT_EQ(json.SizeBytes(), strlen(text));
  EXPECT_TEXT(text,
              "{\"a\":[-9007199254740991,0.5],\"b\":{},\"c\":null,\"d\":true,"
              "\"e\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7fü\"}");
}

TEST(keys_out_of_order_are_refused) {
  char text[50];
  Json json(text, sizeof text);
  json.BeginObject().Key("b").Null().Key("a").Null().EndObject();
  EXPECT(!json.Ok());
}

TEST(what_does_not_fit_is_refused_and_stays_inside) {
  for (size_t capacity = 1; capacity <= 12; capacity++) {
    char text[13];
    memset(text, 'x', sizeof text);
    Json json(text, capacity);
    json.BeginArray().String("12345678").EndArray();
    EXPECT_EQ(json.Ok(), false);
    EXPECT(text[capacity] == 'x');
    EXPECT_EQ(strlen(text) < capacity, true);
  }
}

TEST(what_is_not_closed_is_refused) {
  char text[50];
  Json open(text, sizeof text);
  open.BeginArray();
  EXPECT(!open.Ok());
  Json closed_twice(text, sizeof text);
  closed_twice.BeginArray().EndArray().EndArray();
  EXPECT(!closed_twice.Ok());
  Json deep(text, sizeof text);
  for (int i = 0; i < 7; i++) deep.BeginArray();
  for (int i = 0; i < 7; i++) deep.EndArray();
  EXPECT(!deep.Ok());
}
