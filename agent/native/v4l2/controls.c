#define _GNU_SOURCE /* the kernel's video header needs struct timespec; O_CLOEXEC, sigaction */
#include "controls.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <stddef.h>
#include <string.h>

#include "offers.h"
#include "say.h"

static bool has_number(const struct v4l2_queryctrl *query) {
  if (query->flags & (V4L2_CTRL_FLAG_DISABLED | V4L2_CTRL_FLAG_READ_ONLY)) return false;
  return query->type == V4L2_CTRL_TYPE_INTEGER || query->type == V4L2_CTRL_TYPE_BOOLEAN ||
         query->type == V4L2_CTRL_TYPE_MENU || query->type == V4L2_CTRL_TYPE_INTEGER_MENU ||
         query->type == V4L2_CTRL_TYPE_BUTTON;
}

/** The letter as it is in a plain name; '_' for all but letters and digits. */
static char plain_letter(char letter) {
  if (letter >= 'A' && letter <= 'Z') return (char)(letter + ('a' - 'A'));
  const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
  return (char)(plain ? letter : '_');
}

/** "White Balance, Automatic" becomes "white_balance_automatic". */
static void plain_name(const unsigned char *name, size_t room, char *plain) {
  size_t used = 0;
  for (size_t i = 0; i < room && name[i] != '\0'; i++) {
    const char letter = plain_letter((char)name[i]);
    const bool again = letter == '_' && (used == 0 || plain[used - 1] == '_');
    if (!again) plain[used++] = letter;
  }
  if (used > 0 && plain[used - 1] == '_') used--;
  plain[used] = '\0';
}

bool controls_next(int fd, struct control *control) {
  struct v4l2_queryctrl query = {.id = control->id | V4L2_CTRL_FLAG_NEXT_CTRL};
  while (device_ioctl(fd, VIDIOC_QUERYCTRL, &query) == 0) {
    if (has_number(&query)) {
      *control = (struct control){
          .id = query.id, .low = query.minimum, .high = query.maximum, .step = query.step, .name = {0}};
      plain_name(query.name, sizeof query.name, control->name);
      return true;
    }
    query.id |= V4L2_CTRL_FLAG_NEXT_CTRL;
  }
  return false;
}

static bool find(int fd, const char *name, struct control *control) {
  control->id = 0;
  while (controls_next(fd, control)) {
    if (strcmp(control->name, name) == 0) return true;
  }
  return false;
}

static int say_unknown(int fd, const char *device, const char *name) {
  struct text names = {0};
  struct control control = {0};
  while (controls_next(fd, &control))
    text_add(&names, "%s%s", names.used == 0 ? "" : ", ", control.name);
  return say(EXIT_DEVICE, "The camera %s has no control %s; it has %s.", device, name,
             names.used == 0 ? "none" : names.bytes);
}

static int set(int fd, const char *device, const struct setting *setting) {
  struct control control = {0};
  if (!find(fd, setting->name, &control)) return say_unknown(fd, device, setting->name);
  const bool button = control.low == control.high;
  if (!button && (setting->value < control.low || setting->value > control.high)) {
    return say(EXIT_DEVICE, "The control %s of the camera %s takes %d to %d, not %d.", setting->name, device,
               control.low, control.high, setting->value);
  }
  struct v4l2_control value = {.id = control.id, .value = setting->value};
  if (device_ioctl(fd, VIDIOC_S_CTRL, &value) != 0) {
    return say(EXIT_DEVICE,
               "The control %s of the camera %s cannot be set to %d (%s): set it by hand before those it hangs on.",
               setting->name, device, setting->value, strerror(errno));
  }
  if (button || value.value == setting->value) return 0;
  return say(EXIT_DEVICE, "The control %s of the camera %s became %d in place of %d: its steps are %d.", setting->name,
             device, value.value, setting->value, control.step);
}

int controls_set(int fd, const struct options *options) {
  for (uint32_t i = 0; i < options->settings; i++) {
    const int status = set(fd, options->device, &options->setting[i]);
    if (status != 0) return status;
  }
  return 0;
}
