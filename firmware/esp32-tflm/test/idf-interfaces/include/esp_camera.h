// What the firmware uses of esp32-camera, declared anew: names, signatures and the fields that are used.
#pragma once

#include <sys/time.h>

#include "driver/ledc.h"
#include "esp_err.h"

typedef enum { PIXFORMAT_RGB565, PIXFORMAT_YUV422, PIXFORMAT_YUV420, PIXFORMAT_GRAYSCALE } pixformat_t;
typedef enum { FRAMESIZE_96X96, FRAMESIZE_QVGA = 6 } framesize_t;
typedef enum { CAMERA_GRAB_WHEN_EMPTY, CAMERA_GRAB_LATEST } camera_grab_mode_t;
typedef enum { CAMERA_FB_IN_PSRAM, CAMERA_FB_IN_DRAM } camera_fb_location_t;
enum {
  ESP_ERR_CAMERA_NOT_DETECTED = 0x20001,
  ESP_ERR_CAMERA_FAILED_TO_SET_FRAME_SIZE = 0x20002,
  ESP_ERR_CAMERA_FAILED_TO_SET_OUT_FORMAT = 0x20003,
  ESP_ERR_CAMERA_NOT_SUPPORTED = 0x20004
};
typedef struct {
  int pin_pwdn;
  int pin_reset;
  int pin_xclk;
  int pin_sccb_sda;
  int pin_sccb_scl;
  int pin_d7;
  int pin_d6;
  int pin_d5;
  int pin_d4;
  int pin_d3;
  int pin_d2;
  int pin_d1;
  int pin_d0;
  int pin_vsync;
  int pin_href;
  int pin_pclk;
  int xclk_freq_hz;
  ledc_timer_t ledc_timer;
  ledc_channel_t ledc_channel;
  pixformat_t pixel_format;
  framesize_t frame_size;
  int jpeg_quality;
  size_t fb_count;
  camera_fb_location_t fb_location;
  camera_grab_mode_t grab_mode;
} camera_config_t;
typedef struct {
  uint8_t* buf;
  size_t len;
  size_t width;
  size_t height;
  pixformat_t format;
  struct timeval timestamp;
} camera_fb_t;
extern "C" esp_err_t esp_camera_init(const camera_config_t* config);
extern "C" esp_err_t esp_camera_deinit(void);
extern "C" camera_fb_t* esp_camera_fb_get(void);
extern "C" void esp_camera_fb_return(camera_fb_t* fb);
