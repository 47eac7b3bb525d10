#include "linegate/esp/camera.h"

#include "esp_timer.h"

namespace linegate::esp {
namespace {

constexpr uint32_t kWidthPx = 320;
constexpr uint32_t kHeightPx = 240;
// Those on the shelf, one that the driver fills and one that is full meanwhile.
constexpr size_t kDriverFrames = FrameShelf::kFrames + 2;
constexpr uint32_t kStackBytes = 4096;
// Above the station's, so that frames are stamped and shelved while it infers; it works for microseconds.
constexpr UBaseType_t kPriority = 12;
constexpr uint32_t kRestartPauseMs = 500;

class Locked {
 public:
  explicit Locked(SemaphoreHandle_t mutex) : mutex_(mutex) { xSemaphoreTake(mutex_, portMAX_DELAY); }
  ~Locked() { xSemaphoreGive(mutex_); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  SemaphoreHandle_t mutex_;
};

int64_t StampOf(const camera_fb_t& frame) {
  // Of esp_timer, like the clock of the port: when the first rows came.
  return (static_cast<int64_t>(frame.timestamp.tv_sec) * 1000000 + frame.timestamp.tv_usec) * 1000;
}

}  // namespace

Status EspCamera::Open() {
  if (task_ != nullptr) return Status::kIllegalInput;
  mutex_ = xSemaphoreCreateMutex();
  arrived_ = xSemaphoreCreateBinary();
  if (mutex_ == nullptr || arrived_ == nullptr) return Status::kNoSpace;
  const Status status = StartSensor();
  if (status != Status::kOk) return status;
  running_ = true;
  return xTaskCreate(Run, "camera", kStackBytes, this, kPriority, &task_) == pdPASS ? Status::kOk : Status::kNoSpace;
}

Status EspCamera::StartSensor() {
  camera_config_t config = {};
  config.pin_pwdn = pins_.power_down;
  config.pin_reset = pins_.reset;
  config.pin_xclk = pins_.xclk;
  config.pin_sccb_sda = pins_.sda;
  config.pin_sccb_scl = pins_.scl;
  config.pin_d0 = pins_.data[0];
  config.pin_d1 = pins_.data[1];
  config.pin_d2 = pins_.data[2];
  config.pin_d3 = pins_.data[3];
  config.pin_d4 = pins_.data[4];
  config.pin_d5 = pins_.data[5];
  config.pin_d6 = pins_.data[6];
  config.pin_d7 = pins_.data[7];
  config.pin_vsync = pins_.vsync;
  config.pin_href = pins_.href;
  config.pin_pclk = pins_.pclk;
  config.xclk_freq_hz = static_cast<int>(pins_.xclk_hz);
  config.ledc_timer = LEDC_TIMER_0;
  config.ledc_channel = LEDC_CHANNEL_0;
  config.pixel_format = colour_ == CameraColour::kColour ? PIXFORMAT_YUV422 : PIXFORMAT_GRAYSCALE;
  config.frame_size = FRAMESIZE_QVGA;
  config.fb_count = kDriverFrames;
  config.fb_location = CAMERA_FB_IN_PSRAM;
  config.grab_mode = CAMERA_GRAB_LATEST;
  switch (esp_camera_init(&config)) {
    case ESP_OK: return Status::kOk;
    case ESP_ERR_NO_MEM: return Status::kNoSpace;
    case ESP_ERR_CAMERA_NOT_SUPPORTED:
    case ESP_ERR_CAMERA_FAILED_TO_SET_FRAME_SIZE:
    case ESP_ERR_CAMERA_FAILED_TO_SET_OUT_FORMAT: return Status::kBadConfig;
    default: return Status::kUnavailable;
  }
}

void EspCamera::Run(void* self) {
  auto* const camera = static_cast<EspCamera*>(self);
  while (true) {
    {
      const Locked locked(camera->mutex_);
      if (!camera->running_) break;
    }
    camera->Turn();
  }
  {
    const Locked locked(camera->mutex_);
    camera->task_ = nullptr;
  }
  vTaskDelete(nullptr);
}

void EspCamera::Turn() {
  // Waits some seconds at most, by the driver.
  camera_fb_t* const frame = esp_camera_fb_get();
  if (frame == nullptr) {
    Restart();
  } else if (IsWhole(*frame)) {
    Shelve(frame);
  } else {
    esp_camera_fb_return(frame);
    const Locked locked(mutex_);
    ++faults_;
  }
}

bool EspCamera::IsWhole(const camera_fb_t& frame) const {
  const size_t pixel_bytes = colour_ == CameraColour::kColour ? 2 : 1;
  return frame.width == kWidthPx && frame.height == kHeightPx && frame.len == pixel_bytes * kWidthPx * kHeightPx;
}

void EspCamera::Shelve(camera_fb_t* frame) {
  void* old = nullptr;
  {
    const Locked locked(mutex_);
    failing_ = false;
    old = shelf_.Put(frame, StampOf(*frame), ++sequence_);
  }
  if (old != nullptr) esp_camera_fb_return(static_cast<camera_fb_t*>(old));
  xSemaphoreGive(arrived_);
}

void EspCamera::Restart() {
  bool held = false;
  {
    const Locked locked(mutex_);
    if (!failing_) ++faults_;
    failing_ = true;
    held = held_;
  }
  // Who waits for a frame hears that none comes.
  xSemaphoreGive(arrived_);
  if (!held) {
    EmptyShelf();
    static_cast<void>(esp_camera_deinit());
    static_cast<void>(StartSensor());
  }
  vTaskDelay(pdMS_TO_TICKS(kRestartPauseMs));
}

void EspCamera::EmptyShelf() {
  while (true) {
    void* frame = nullptr;
    {
      const Locked locked(mutex_);
      frame = shelf_.TakeAny();
    }
    if (frame == nullptr) return;
    esp_camera_fb_return(static_cast<camera_fb_t*>(frame));
  }
}

Status EspCamera::Capture(int64_t trigger_ns, int64_t window_ns, int64_t until_ns, Frame* frame) {
  *frame = {};
  if (task_ == nullptr || held_) return Status::kIllegalInput;
  bool last = false;
  while (true) {
    {
      const Locked locked(mutex_);
      if (failing_) return Status::kDeviceFault;
      size_t index = 0;
      const FrameShelf::Found found = shelf_.Choose(trigger_ns, window_ns, last, &index);
      if (found == FrameShelf::Found::kFrame) return Fill(index, frame) ? Status::kOk : Status::kDeviceFault;
      if (found == FrameShelf::Found::kNone) return Status::kNotFound;
      if (last) return Status::kTimeout;
    }
    last = !Await(until_ns);
  }
}

bool EspCamera::Await(int64_t until_ns) {
  const int64_t left_ns = until_ns - esp_timer_get_time() * 1000;
  if (left_ns <= 0) return false;
  const int64_t left_ms = left_ns / 1000000;
  const uint32_t wait_ms = left_ms > 10000 ? 10000 : static_cast<uint32_t>(left_ms) + 1;
  return xSemaphoreTake(arrived_, pdMS_TO_TICKS(wait_ms)) == pdTRUE;
}

bool EspCamera::Fill(size_t index, Frame* frame) {
  const FrameShelf::Entry& entry = shelf_.Hold(index);
  const auto* const source = static_cast<const camera_fb_t*>(entry.frame);
  const bool colour = colour_ == CameraColour::kColour;
  held_ = true;
  frame->data = source->buf;
  frame->size_bytes = source->len;
  frame->format = colour ? PixelFormat::kYuyv : PixelFormat::kGrey;
  frame->width_px = kWidthPx;
  frame->height_px = kHeightPx;
  frame->stride_bytes = colour ? 2 * kWidthPx : kWidthPx;
  frame->sensor_ns = entry.sensor_ns;
  frame->sequence = entry.sequence;
  return source->buf != nullptr;
}

void EspCamera::Release(const Frame& frame) {
  static_cast<void>(frame);
  const Locked locked(mutex_);
  shelf_.Unhold();
  held_ = false;
}

uint32_t EspCamera::Faults() {
  if (mutex_ == nullptr) return 0;
  const Locked locked(mutex_);
  return faults_;
}

void EspCamera::Close() {
  if (mutex_ == nullptr) return;
  {
    const Locked locked(mutex_);
    running_ = false;
  }
  // The driver lets its waiter go after seconds; frames are given back by then.
  for (int i = 0; i < 100; ++i) {
    {
      const Locked locked(mutex_);
      if (task_ == nullptr) break;
    }
    vTaskDelay(pdMS_TO_TICKS(100));
  }
  EmptyShelf();
  static_cast<void>(esp_camera_deinit());
}

}  // namespace linegate::esp
