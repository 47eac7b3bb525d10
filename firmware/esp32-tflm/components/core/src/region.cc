#include "linegate/core/region.h"

#include "linegate/core/number.h"

namespace linegate {
namespace {

struct Edges {
  uint32_t first;
  uint32_t end;
};

uint32_t AtMost(double px, uint32_t limit) { return px < limit ? static_cast<uint32_t>(px) : limit; }

Edges EdgesOf(double start, double length, uint32_t whole_px) {
  const uint32_t first = AtMost(Round(start * whole_px), whole_px - 1);
  const uint32_t end = AtMost(Round((start + length) * whole_px), whole_px);
  return {first, end > first ? end : first + 1};
}

}  // namespace

PixelRect RegionPixels(const Region& region, uint32_t width_px, uint32_t height_px) {
  const Edges x = EdgesOf(region.x, region.width, width_px);
  const Edges y = EdgesOf(region.y, region.height, height_px);
  return {x.first, y.first, x.end - x.first, y.end - y.first};
}

}  // namespace linegate
