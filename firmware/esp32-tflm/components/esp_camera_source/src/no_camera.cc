#include "linegate/esp/camera.h"

namespace linegate::esp {

EspCamera::EspCamera(const CameraPins& pins, CameraColour colour) {
  static_cast<void>(pins);
  static_cast<void>(colour);
}

Status EspCamera::Open() { return Status::kUnavailable; }

Status EspCamera::Capture(int64_t trigger_ns, int64_t window_ns, int64_t until_ns, Frame* frame) {
  static_cast<void>(trigger_ns);
  static_cast<void>(window_ns);
  static_cast<void>(until_ns);
  *frame = {};
  return Status::kDeviceFault;
}

void EspCamera::Release(const Frame& frame) { static_cast<void>(frame); }

uint32_t EspCamera::Faults() { return 0; }

void EspCamera::Close() {}

}  // namespace linegate::esp
