#include <stdio.h>
#include <string.h>

#include "core/bench.h"
#include "linegate/flash_ring.h"
#include "linegate/uplink.h"
#include "support/test.h"

using linegate::test::Bench;
using linegate::test::kMs;

namespace {

void Say(const char* component, size_t size_bytes) {
  (void)printf("static %s %u\n", component, static_cast<unsigned>(size_bytes));
}

constexpr size_t kPainted = 32768;
constexpr unsigned char kPaint = 0xa5;

// The stack below the caller's frame.
__attribute__((noinline)) unsigned char* Below() {
  return static_cast<unsigned char*>(__builtin_frame_address(0)) - 256;
}

// How deep `body` goes, within 256 bytes.
template <typename Body>
size_t DepthOf(Body body) {
  unsigned char* top = Below();
  for (size_t i = 1; i <= kPainted; i++) top[-static_cast<ptrdiff_t>(i)] = kPaint;
  body();
  size_t depth = kPainted;
  while (depth > 0 && top[-static_cast<ptrdiff_t>(depth)] == kPaint) depth--;
  return depth + 256;
}

}  // namespace

TEST(the_objects_of_each_component) {
  Say("tracker", sizeof(struct track));
  Say("core", sizeof(linegate::Station) + sizeof(linegate::Ledger) + sizeof(linegate::LineControl) +
                  sizeof(linegate::TensorMaker) - sizeof(struct track));
  Say("flash_ring", sizeof(linegate::FlashRing));
  Say("esp_mqtt_uplink", sizeof(linegate::Uplink));
}

TEST(the_depth_of_the_station_task) {
  static Bench bench;
  const size_t start = DepthOf([] { EXPECT_EQ(bench.Start(), linegate::Status::kOk); });
  const size_t parts = DepthOf([] {
    for (int i = 0; i < 4; i++) {
      bench.Says(static_cast<int8_t>(60 * i - 128), static_cast<int8_t>(120 - 60 * i));
      bench.Trigger();
      bench.Pass(600);
    }
  });
  const size_t stop = DepthOf([] { bench.station.Stop(); });
  EXPECT(parts > 500 && parts < kPainted);
  const size_t deepest = start > parts ? start : parts;
  (void)printf("stack station %u\n", static_cast<unsigned>(deepest > stop ? deepest : stop));
}
