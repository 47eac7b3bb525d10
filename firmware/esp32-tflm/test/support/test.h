// The smallest test frame that runs on a host and on bare metal, without the C++ library:
//   TEST(name) { EXPECT(1 + 1 == 2); EXPECT_EQ(f(), 3); }
// The program runs all tests and returns how many failed.
#pragma once

#include <stdint.h>

namespace linegate::test {

// One test of the list that the constructors of TEST make before main.
class Test {
 public:
  Test(const char* name, void (*body)());
  const char* name_;
  void (*body_)();
  Test* next_ = nullptr;
};

// Notes a failure of the running test and goes on; the first few are printed.
void Fail(const char* file, int line, const char* what);
void FailEqual(const char* file, int line, const char* what, int64_t actual, int64_t expected);
void FailText(const char* file, int line, const char* what, const char* actual, const char* expected);
bool SameText(const char* a, const char* b);

// The argument of that number after the program's name, or null. On bare metal there are none.
const char* Argument(int index);

// A generator of pseudo-random numbers whose sequence is the same everywhere (xorshift64*).
class Noise {
 public:
  explicit Noise(uint64_t seed) : state_(seed * 2 + 1) {}
  uint64_t Next();
  // 0 to below - 1, as wide as what it is asked with.
  template <typename Integer>
  auto Below(Integer below) {
    const uint64_t number = Next() % static_cast<uint64_t>(below);
    if constexpr (sizeof(Integer) > sizeof(uint32_t)) {
      return number;
    } else {
      return static_cast<uint32_t>(number);
    }
  }

 private:
  uint64_t state_;
};

}  // namespace linegate::test

#define TEST(name)                                               \
  static void Test_##name();                                     \
  static ::linegate::test::Test test_##name(#name, Test_##name); \
  static void Test_##name()

#define EXPECT(condition)                                                     \
  do {                                                                        \
    if (!(condition)) ::linegate::test::Fail(__FILE__, __LINE__, #condition); \
  } while (0)

// Integers and enumerations.
#define EXPECT_EQ(actual, expected)                                                 \
  do {                                                                              \
    const auto a_ = static_cast<int64_t>(actual);                                   \
    const auto e_ = static_cast<int64_t>(expected);                                 \
    if (a_ != e_) ::linegate::test::FailEqual(__FILE__, __LINE__, #actual, a_, e_); \
  } while (0)

#define EXPECT_TEXT(actual, expected)                                                                         \
  do {                                                                                                        \
    const char* a_ = (actual);                                                                                \
    const char* e_ = (expected);                                                                              \
    if (!::linegate::test::SameText(a_, e_)) ::linegate::test::FailText(__FILE__, __LINE__, #actual, a_, e_); \
  } while (0)
