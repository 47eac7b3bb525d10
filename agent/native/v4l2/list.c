#define _GNU_SOURCE /* the kernel's video header needs struct timespec; O_CLOEXEC, sigaction */
#include "list.h"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "controls.h"
#include "device.h"
#include "offers.h"

/** The kernel gives V4L2 devices at most 256 numbers a major. */
enum { MAX_DEVICES = 256, MAX_ENTRIES = 256 };

/** What a device calls itself may hold anything: only plain characters pass. */
static void print_text(const char *key, const unsigned char *text, size_t room) {
  printf(",\"%s\":\"", key);
  for (size_t i = 0; i < room && text[i] != '\0'; i++) {
    const unsigned char letter = text[i];
    const bool plain = letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\';
    putchar(plain ? letter : '?');
  }
  putchar('"');
}

static void print_rates(int fd, uint32_t fourcc, uint32_t width, uint32_t height) {
  struct v4l2_frmivalenum rate = {.pixel_format = fourcc, .width = width, .height = height};
  bool first = true;
  printf(",\"framesPerSecond\":[");
  for (; rate.index < MAX_ENTRIES && device_ioctl(fd, VIDIOC_ENUM_FRAMEINTERVALS, &rate) == 0; rate.index++) {
    if (rate.type != V4L2_FRMIVAL_TYPE_DISCRETE) break;
    if (rate.discrete.numerator == 0) continue;
    printf("%s%.2f", first ? "" : ",", (double)rate.discrete.denominator / rate.discrete.numerator);
    first = false;
  }
  putchar(']');
}

static void print_sizes(int fd, uint32_t fourcc) {
  struct v4l2_frmsizeenum size = {.pixel_format = fourcc};
  printf(",\"sizes\":[");
  for (; size.index < MAX_ENTRIES && device_ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &size) == 0; size.index++) {
    const bool one = size.type == V4L2_FRMSIZE_TYPE_DISCRETE;
    const uint32_t width = one ? size.discrete.width : size.stepwise.max_width;
    const uint32_t height = one ? size.discrete.height : size.stepwise.max_height;
    printf("%s{\"widthPx\":%u,\"heightPx\":%u", size.index == 0 ? "" : ",", width, height);
    if (!one) {
      printf(",\"minWidthPx\":%u,\"minHeightPx\":%u", size.stepwise.min_width, size.stepwise.min_height);
    }
    print_rates(fd, fourcc, width, height);
    putchar('}');
    if (!one) break;
  }
  putchar(']');
}

static void print_formats(int fd) {
  uint32_t fourcc = 0;
  printf(",\"formats\":[");
  for (uint32_t n = 0; offers_format(fd, n, &fourcc); n++) {
    printf("%s{\"format\":\"%s\",\"usable\":%s", n == 0 ? "" : ",", fourcc_name(fourcc).letters,
           offers_usable(fourcc) ? "true" : "false");
    if (offers_usable(fourcc)) print_sizes(fd, fourcc);
    putchar('}');
  }
  putchar(']');
}

static void print_controls(int fd) {
  struct control control = {0};
  bool first = true;
  printf(",\"controls\":[");
  while (controls_next(fd, &control)) {
    printf("%s{\"name\":\"%s\",\"min\":%d,\"max\":%d,\"step\":%d}", first ? "" : ",", control.name, control.low,
           control.high, control.step);
    first = false;
  }
  putchar(']');
}

/** Prints one device if it is a camera; tells whether it was. */
static bool print_camera(int number, bool first) {
  char path[32];
  snprintf(path, sizeof path, "/dev/video%d", number);
  const int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return false;
  struct v4l2_capability can = {0};
  const bool camera = device_is_camera(fd) && device_ioctl(fd, VIDIOC_QUERYCAP, &can) == 0;
  if (camera) {
    printf("%s\n{\"device\":\"%s\"", first ? "" : ",", path);
    print_text("card", can.card, sizeof can.card);
    print_text("driver", can.driver, sizeof can.driver);
    print_text("bus", can.bus_info, sizeof can.bus_info);
    print_formats(fd);
    print_controls(fd);
    putchar('}');
  }
  close(fd);
  return camera;
}

int list_cameras(void) {
  bool first = true;
  putchar('[');
  for (int number = 0; number < MAX_DEVICES; number++) {
    if (print_camera(number, first)) first = false;
  }
  printf("\n]\n");
  return fflush(stdout) == 0 ? 0 : 1;
}
