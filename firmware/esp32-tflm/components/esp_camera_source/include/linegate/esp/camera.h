// The port FrameSource on esp32-camera. A task of its own takes every frame as it comes and keeps the newest; a camera
// that brings none for a while is started again. Threads: as the port says; the task is the implementation's. One
// instance.
#pragma once

#include <stdint.h>

#include "linegate/esp/pins.h"
#include "linegate/frame_source.h"
#include "sdkconfig.h"

#if !defined(CONFIG_IDF_TARGET_ESP32C3)
#include "esp_camera.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "linegate/esp/frame_shelf.h"
#endif

namespace linegate::esp {

// What the sensor is asked for: colour as YUYV, else grey; 320 x 240 px.
enum class CameraColour : uint8_t { kGrey, kColour };

#if defined(CONFIG_IDF_TARGET_ESP32C3)

// esp32-camera has no driver for this chip: every part closes with no frame.
class EspCamera final : public FrameSource {
 public:
  EspCamera(const CameraPins& pins, CameraColour colour);

  Status Open() override;
  Status Capture(int64_t trigger_ns, int64_t window_ns, int64_t until_ns, Frame* frame) override;
  void Release(const Frame& frame) override;
  uint32_t Faults() override;
  void Close() override;
};

#else

class EspCamera final : public FrameSource {
 public:
  EspCamera(const CameraPins& pins, CameraColour colour) : pins_(pins), colour_(colour) {}

  Status Open() override;
  Status Capture(int64_t trigger_ns, int64_t window_ns, int64_t until_ns, Frame* frame) override;
  void Release(const Frame& frame) override;
  uint32_t Faults() override;
  void Close() override;

 private:
  static void Run(void* self);
  // The task: one frame, or what to do without.
  void Turn();
  void Shelve(camera_fb_t* frame);
  // All frames back to the driver and the driver anew. A frame that is held stays until Release, and the restart waits
  // for it.
  void Restart();
  void EmptyShelf();
  bool IsWhole(const camera_fb_t& frame) const;
  Status StartSensor();
  // Waits for another frame, at most until then; false: none came.
  bool Await(int64_t until_ns);
  bool Fill(size_t index, Frame* frame);

  CameraPins pins_;
  CameraColour colour_;
  FrameShelf shelf_;
  // Guards the shelf and what follows.
  SemaphoreHandle_t mutex_ = nullptr;
  // Given for each new frame.
  SemaphoreHandle_t arrived_ = nullptr;
  TaskHandle_t task_ = nullptr;
  bool held_ = false;
  bool failing_ = false;
  bool running_ = false;
  uint32_t faults_ = 0;
  uint64_t sequence_ = 0;
};

#endif

}  // namespace linegate::esp
