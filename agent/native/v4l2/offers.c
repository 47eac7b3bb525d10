#define _GNU_SOURCE /* the kernel's video header needs struct timespec; O_CLOEXEC, sigaction */
#include "offers.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>

/** No real device has more; a broken driver could go on for ever. */
enum { MAX_OFFERS = 256 };

int device_ioctl(int fd, unsigned long request, void *argument) {
  int result = 0;
  do {
    result = ioctl(fd, request, argument);
  } while (result == -1 && errno == EINTR);
  return result;
}

struct fourcc_name fourcc_name(uint32_t fourcc) {
  struct fourcc_name name = {{0}};
  for (int i = 0; i < 4; i++) {
    const char letter = (char)((fourcc >> (8 * i)) & 0x7f);
    const bool plain = letter >= ' ' && letter <= '~' && letter != '"' && letter != '\\';
    name.letters[i] = letter;
    if (!plain) name.letters[i] = '?';
  }
  return name;
}

bool offers_format(int fd, uint32_t n, uint32_t *fourcc) {
  struct v4l2_fmtdesc format = {.index = n, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  if (n >= MAX_OFFERS || device_ioctl(fd, VIDIOC_ENUM_FMT, &format) != 0) return false;
  *fourcc = format.pixelformat;
  return true;
}

bool offers_usable(uint32_t fourcc) {
  return fourcc == V4L2_PIX_FMT_NV12 || fourcc == V4L2_PIX_FMT_YUYV || fourcc == V4L2_PIX_FMT_GREY ||
         fourcc == V4L2_PIX_FMT_RGB24;
}

static void tell_sizes(int fd, uint32_t fourcc, struct text *text) {
  struct v4l2_frmsizeenum size = {.pixel_format = fourcc};
  for (; size.index < MAX_OFFERS && device_ioctl(fd, VIDIOC_ENUM_FRAMESIZES, &size) == 0; size.index++) {
    const char *before = size.index == 0 ? " at " : ", ";
    if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      text_add(text, "%s%ux%u", before, size.discrete.width, size.discrete.height);
      continue;
    }
    text_add(text, "%s%ux%u to %ux%u", before, size.stepwise.min_width, size.stepwise.min_height,
             size.stepwise.max_width, size.stepwise.max_height);
    return;
  }
}

void offers_tell(int fd, struct text *text) {
  uint32_t fourcc = 0;
  const size_t start = text->used;
  for (uint32_t n = 0; offers_format(fd, n, &fourcc); n++) {
    if (!offers_usable(fourcc)) continue;
    text_add(text, "%s%s", text->used == start ? "" : "; ", fourcc_name(fourcc).letters);
    tell_sizes(fd, fourcc, text);
  }
  if (text->used > start) return;
  text_add(text, "only");
  for (uint32_t n = 0; offers_format(fd, n, &fourcc); n++)
    text_add(text, " %s", fourcc_name(fourcc).letters);
}

/** Adds one rate, or the span of rates; false when there is no number to tell. */
static bool tell_rate(const struct v4l2_frmivalenum *rate, struct text *text) {
  const bool one = rate->type == V4L2_FRMIVAL_TYPE_DISCRETE;
  const struct v4l2_fract low = one ? rate->discrete : rate->stepwise.max;
  const struct v4l2_fract high = one ? rate->discrete : rate->stepwise.min;
  if (low.numerator == 0 || high.numerator == 0) return false;
  text_add(text, "%g", (double)low.denominator / low.numerator);
  if (!one) text_add(text, " to %g", (double)high.denominator / high.numerator);
  return true;
}

void offers_tell_rates(int fd, uint32_t fourcc, uint32_t width, uint32_t height, struct text *text) {
  struct v4l2_frmivalenum rate = {.pixel_format = fourcc, .width = width, .height = height};
  const size_t start = text->used;
  for (; rate.index < MAX_OFFERS && device_ioctl(fd, VIDIOC_ENUM_FRAMEINTERVALS, &rate) == 0; rate.index++) {
    if (text->used > start) text_add(text, ", ");
    if (!tell_rate(&rate, text) || rate.type != V4L2_FRMIVAL_TYPE_DISCRETE) break;
  }
  if (text->used == start) text_add(text, "its own rate only");
}
