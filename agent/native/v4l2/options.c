#define _GNU_SOURCE /* the kernel's video header needs struct timespec; O_CLOEXEC, sigaction */
#include "options.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

static const char usage[] = "usage: linegate-v4l2 --list\n"
                            "       linegate-v4l2 --device PATH --format NV12|YUYV|GREY|RGB3 --size WIDTHxHEIGHT\n"
                            "                     [--rate FRAMES_PER_SECOND] [--control NAME=VALUE]...";

/** The number at `text`, which must lie in [low, high]; `end` is set behind it. False when there is none. */
static bool read_number(const char *text, long long low, long long high, char **end, long long *number) {
  errno = 0;
  *number = strtoll(text, end, 10);
  return errno == 0 && *end != text && *number >= low && *number <= high;
}

static bool read_format(struct options *options, const char *text) {
  static const uint32_t known[] = {V4L2_PIX_FMT_NV12, V4L2_PIX_FMT_YUYV, V4L2_PIX_FMT_GREY, V4L2_PIX_FMT_RGB24};
  if (strlen(text) != 4) return false;
  const uint32_t fourcc = v4l2_fourcc((uint32_t)(unsigned char)text[0], (uint32_t)(unsigned char)text[1],
                                      (uint32_t)(unsigned char)text[2], (uint32_t)(unsigned char)text[3]);
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    if (known[i] == fourcc) options->fourcc = fourcc;
  }
  return options->fourcc == fourcc;
}

static bool read_size(struct options *options, const char *text) {
  char *end = NULL;
  long long width = 0;
  long long height = 0;
  if (!read_number(text, 1, 16384, &end, &width) || *end != 'x') return false;
  if (!read_number(end + 1, 1, 16384, &end, &height) || *end != '\0') return false;
  options->width = (uint32_t)width;
  options->height = (uint32_t)height;
  return true;
}

static bool read_rate(struct options *options, const char *text) {
  char *end = NULL;
  const double rate = strtod(text, &end);
  if (end == text || *end != '\0' || !(rate >= 0.01 && rate <= 10000)) return false;
  options->millihertz = (uint32_t)(rate * 1000 + 0.5);
  return true;
}

static bool read_setting(struct options *options, const char *text) {
  const char *equals = strchr(text, '=');
  if (equals == NULL || equals == text || options->settings == MAX_CONTROLS) return false;
  struct setting *setting = &options->setting[options->settings];
  const size_t length = (size_t)(equals - text);
  if (length >= sizeof setting->name) return false;
  memcpy(setting->name, text, length);
  setting->name[length] = '\0';
  char *end = NULL;
  long long value = 0;
  if (!read_number(equals + 1, INT32_MIN, INT32_MAX, &end, &value) || *end != '\0') return false;
  setting->value = (int32_t)value;
  options->settings++;
  return true;
}

static bool read_option(struct options *options, const char *name, const char *value) {
  if (strcmp(name, "--device") == 0) {
    options->device = value;
    return true;
  }
  if (strcmp(name, "--format") == 0) return read_format(options, value);
  if (strcmp(name, "--size") == 0) return read_size(options, value);
  if (strcmp(name, "--rate") == 0) return read_rate(options, value);
  if (strcmp(name, "--control") == 0) return read_setting(options, value);
  return false;
}

int options_read(struct options *options, int count, char *const *arguments) {
  memset(options, 0, sizeof *options);
  if (count == 2 && strcmp(arguments[1], "--list") == 0) {
    options->list = true;
    return 0;
  }
  for (int i = 1; i < count; i += 2) {
    if (i + 1 == count) return say(EXIT_ARGUMENTS, "The option %s has no value.\n%s", arguments[i], usage);
    if (read_option(options, arguments[i], arguments[i + 1])) continue;
    return say(EXIT_ARGUMENTS, "The option %s cannot be %s.\n%s", arguments[i], arguments[i + 1], usage);
  }
  if (options->device == NULL || options->fourcc == 0 || options->width == 0) {
    return say(EXIT_ARGUMENTS, "--device, --format and --size are needed.\n%s", usage);
  }
  return 0;
}
