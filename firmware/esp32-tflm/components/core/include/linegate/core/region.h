// Which pixels a region of the frame means: agent/core/preprocess/region.ts.
// Threads: pure functions.
#pragma once

#include <stdint.h>

namespace linegate {

// Fractions of the frame's sides.
struct Region {
  double x;
  double y;
  double width;
  double height;
};

struct PixelRect {
  uint32_t x_px;
  uint32_t y_px;
  uint32_t width_px;
  uint32_t height_px;
};

// Each edge goes to the nearest pixel edge (halves up), and a region thinner than a pixel becomes one pixel.
PixelRect RegionPixels(const Region& region, uint32_t width_px, uint32_t height_px);

}  // namespace linegate
