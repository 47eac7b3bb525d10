#define _GNU_SOURCE /* the kernel's video header needs struct timespec; O_CLOEXEC, sigaction */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <string.h>
#include <unistd.h>

#include "controls.h"
#include "offers.h"
#include "say.h"

bool device_is_camera(int fd) {
  struct v4l2_capability can = {0};
  if (device_ioctl(fd, VIDIOC_QUERYCAP, &can) != 0) return false;
  const uint32_t caps = can.capabilities & V4L2_CAP_DEVICE_CAPS ? can.device_caps : can.capabilities;
  return (caps & V4L2_CAP_VIDEO_CAPTURE) != 0 && (caps & V4L2_CAP_STREAMING) != 0;
}

static int open_camera(struct device *device) {
  device->fd = open(device->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device->fd < 0) {
    return say(EXIT_DEVICE, "The camera %s cannot be opened (%s): check its cable, its name and that this user may.",
               device->path, strerror(errno));
  }
  if (device_is_camera(device->fd)) return 0;
  return say(EXIT_DEVICE, "%s is no camera that streams single frames: linegate-v4l2 --list names those there are.",
             device->path);
}

static bool as_asked(const struct v4l2_pix_format *pix, const struct options *options) {
  const bool progressive = pix->field == V4L2_FIELD_NONE || pix->field == V4L2_FIELD_ANY;
  return progressive && pix->pixelformat == options->fourcc && pix->width == options->width &&
         pix->height == options->height;
}

static int choose_format(struct device *device, const struct options *options) {
  struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  struct v4l2_pix_format *pix = &format.fmt.pix;
  pix->width = options->width;
  pix->height = options->height;
  pix->pixelformat = options->fourcc;
  pix->field = V4L2_FIELD_NONE;
  const int failed = device_ioctl(device->fd, VIDIOC_S_FMT, &format);
  if (failed != 0 && errno == EBUSY) {
    return say(EXIT_DEVICE, "The camera %s is used by another program: end that one first.", device->path);
  }
  if (failed != 0 || !as_asked(pix, options)) {
    struct text offers = {0};
    offers_tell(device->fd, &offers);
    return say(EXIT_DEVICE, "The camera %s does not give %s at %ux%u; it gives %s.", device->path,
               fourcc_name(options->fourcc).letters, options->width, options->height, offers.bytes);
  }
  device->fourcc = pix->pixelformat;
  device->width = pix->width;
  device->height = pix->height;
  device->stride = pix->bytesperline;
  device->frame_bytes = pix->bytesperline * pix->height;
  if (pix->pixelformat == V4L2_PIX_FMT_NV12) device->frame_bytes += pix->bytesperline * ((pix->height + 1) / 2);
  return 0;
}

/** Within one per cent: cameras that say 29.97 mean 30. */
static bool near_rate(const struct v4l2_fract *period, uint32_t millihertz) {
  if (period->numerator == 0 || period->denominator == 0) return false;
  const double rate = 1000.0 * period->denominator / period->numerator;
  return rate > millihertz * 0.99 && rate < millihertz * 1.01;
}

static int choose_rate(struct device *device, const struct options *options) {
  struct v4l2_streamparm parm = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  struct v4l2_fract *period = &parm.parm.capture.timeperframe;
  int failed = 0;
  if (options->millihertz == 0) {
    failed = device_ioctl(device->fd, VIDIOC_G_PARM, &parm);
  } else {
    *period = (struct v4l2_fract){.numerator = 1000, .denominator = options->millihertz};
    failed = device_ioctl(device->fd, VIDIOC_S_PARM, &parm);
    if (failed != 0 || !near_rate(period, options->millihertz)) {
      struct text offers = {0};
      offers_tell_rates(device->fd, options->fourcc, options->width, options->height, &offers);
      return say(EXIT_DEVICE, "The camera %s does not give %g frames a second at %ux%u; it gives %s.", device->path,
                 options->millihertz / 1000.0, options->width, options->height, offers.bytes);
    }
  }
  if (failed != 0) return 0;
  device->rate_numerator = period->denominator;
  device->rate_denominator = period->numerator;
  return 0;
}

int device_open(struct device *device, const struct options *options) {
  *device = (struct device){.path = options->device, .fd = -1};
  int status = open_camera(device);
  if (status == 0) status = choose_format(device, options);
  if (status == 0) status = choose_rate(device, options);
  if (status == 0) status = controls_set(device->fd, options);
  return status;
}
