// A camera that finds the frame of a trigger.
// Threads: all methods from the station task alone. An interrupt or a task of the implementation may fill frames
// meanwhile.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

// Values as `enum preprocess_format`. NV12 and YUYV are BT.601, limited range.
enum class PixelFormat : uint32_t { kRgb = 0, kGrey = 1, kNv12 = 2, kYuyv = 3 };

// Pixels, and the moment at which the sensor saw them. The memory stays the source's, until Release.
struct Frame {
  const uint8_t* data;
  size_t size_bytes;
  PixelFormat format;
  uint32_t width_px;
  uint32_t height_px;
  uint32_t stride_bytes;
  // The middle of the exposure as near as the driver knows it, ns on Clock::NowNs.
  int64_t sensor_ns;
  // A counter by the camera; a hole is a lost frame.
  uint64_t sequence;
};

class FrameSource {
 public:
  // Starts the sensor. kUnavailable: none answers; kBadConfig: it cannot do what is configured; kNoSpace: no memory for
  // frames.
  virtual Status Open() = 0;
  // The frame whose sensor time is nearest `trigger_ns`, at most `window_ns` away, waiting for it until `until_ns`
  // (both on Clock::NowNs). kNotFound: another was nearer to another time, none is in the window; kTimeout: none came;
  // kDeviceFault: the camera failed and is being restarted. After kOk call Release once before the next Capture.
  virtual Status Capture(int64_t trigger_ns, int64_t window_ns, int64_t until_ns, Frame* frame) = 0;
  virtual void Release(const Frame& frame) = 0;
  // Faults so far since boot: restarts of the sensor, frames with missing rows.
  virtual uint32_t Faults() = 0;
  virtual void Close() = 0;

 protected:
  ~FrameSource() = default;
};

}  // namespace linegate
