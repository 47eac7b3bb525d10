#include "support/test.h"

#include <stdio.h>
#include <string.h>

namespace linegate::test {
namespace {

Test* first = nullptr;
Test** last = &first;
const char* running = "";
int failures = 0;
int argument_count = 0;
char** arguments = nullptr;

constexpr int kMostPrinted = 20;

bool MayPrint() { return ++failures <= kMostPrinted; }

}  // namespace

Test::Test(const char* name, void (*body)()) : name_(name), body_(body) {
  *last = this;
  last = &next_;
}

void Fail(const char* file, int line, const char* what) {
  if (MayPrint()) (void)printf("%s:%d: %s: not so: %s\n", file, line, running, what);
}

void FailEqual(const char* file, int line, const char* what, int64_t actual, int64_t expected) {
  if (!MayPrint()) return;
  (void)printf("%s:%d: %s: %s is 0x%08lx%08lx, not 0x%08lx%08lx\n", file, line, running, what,
               static_cast<unsigned long>(static_cast<uint64_t>(actual) >> 32),
               static_cast<unsigned long>(static_cast<uint64_t>(actual) & 0xffffffffU),
               static_cast<unsigned long>(static_cast<uint64_t>(expected) >> 32),
               static_cast<unsigned long>(static_cast<uint64_t>(expected) & 0xffffffffU));
}

void FailText(const char* file, int line, const char* what, const char* actual, const char* expected) {
  if (MayPrint()) (void)printf("%s:%d: %s: %s is\n  %s\nnot\n  %s\n", file, line, running, what, actual, expected);
}

bool SameText(const char* a, const char* b) { return strcmp(a, b) == 0; }

const char* Argument(int index) { return index + 1 < argument_count ? arguments[index + 1] : nullptr; }

uint64_t Noise::Next() {
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return state_ * UINT64_C(2685821657736338717);
}

static int RunAll() {
  int tests = 0;
  int failed = 0;
  for (const Test* test = first; test != nullptr; test = test->next_) {
    const int before = failures;
    running = test->name_;
    test->body_();
    tests++;
    failed += failures > before ? 1 : 0;
  }
  (void)printf("%d tests, %d failed\n", tests, failed);
  return failed;
}

}  // namespace linegate::test

int main(int argc, char** argv) {
  linegate::test::argument_count = argc;
  linegate::test::arguments = argv;
  return linegate::test::RunAll();
}
