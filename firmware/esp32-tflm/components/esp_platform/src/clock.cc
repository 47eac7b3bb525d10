#include "linegate/esp/clock.h"

#include <sys/time.h>

#include "esp_attr.h"
#include "esp_timer.h"

namespace linegate::esp {
namespace {

// Before this firmware was written no network told the time.
constexpr int64_t kEarliestMs = INT64_C(1735689600000);

}  // namespace

IRAM_ATTR int64_t EspClock::NowNs() { return esp_timer_get_time() * 1000; }

int64_t EspClock::WallMs() {
  struct timeval now = {};
  gettimeofday(&now, nullptr);
  return static_cast<int64_t>(now.tv_sec) * 1000 + now.tv_usec / 1000;
}

WallState EspClock::Wall() { return WallMs() >= kEarliestMs ? WallState::kSynced : WallState::kUnsynced; }

}  // namespace linegate::esp
