#define _GNU_SOURCE /* O_CLOEXEC */
#include "gpio_find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What a scan of /dev saw: the chip, and words for the sentence when it is not there. */
struct scan {
  int fd;
  char name[GPIO_NAME]; /* of the chip found; Raspberry Pi OS links a second device file to one chip */
  bool ambiguous;
  char seen[160];
  int refused; /* errno of a device file that cannot be opened */
};

static void note(struct scan *scan, const struct gpiochip_info *info) {
  size_t used = strlen(scan->seen);
  (void)snprintf(scan->seen + used, sizeof scan->seen - used, "%s%s", used == 0 ? "" : ", ", info->label);
}

/* Keeps the file descriptor when the chip is the one wanted. */
static void look_at(struct scan *scan, int fd, const char *wanted) {
  struct gpiochip_info info = {0};
  if (ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) != 0) {
    (void)close(fd);
    return;
  }
  info.name[GPIO_NAME - 1] = info.label[GPIO_NAME - 1] = '\0';
  bool known = scan->fd >= 0 && strcmp(scan->name, info.name) == 0;
  if (!known) note(scan, &info);
  bool match = strcmp(info.label, wanted) == 0 || strcmp(info.name, wanted) == 0;
  if (!match || scan->fd >= 0) {
    scan->ambiguous |= match && !known;
    (void)close(fd);
    return;
  }
  scan->fd = fd;
  (void)snprintf(scan->name, sizeof scan->name, "%s", info.name);
}

static void scan_devices(struct scan *scan, const char *wanted) {
  DIR *directory = opendir("/dev");
  if (directory == NULL) return;
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    if (strncmp(entry->d_name, "gpiochip", 8) != 0) continue;
    char path[sizeof "/dev/" + sizeof entry->d_name];
    (void)snprintf(path, sizeof path, "/dev/%s", entry->d_name);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0) {
      look_at(scan, fd, wanted);
    } else if (errno != ENOENT && errno != ENODEV && errno != ENXIO) {
      scan->refused = errno;
    }
  }
  (void)closedir(directory);
}

int gpio_find_chip(const char *wanted, struct fault *fault) {
  struct scan scan = {.fd = -1};
  scan_devices(&scan, wanted);
  if (scan.fd >= 0 && !scan.ambiguous) return scan.fd;
  if (scan.ambiguous) {
    (void)close(scan.fd);
    (void)fault_set(fault, "More than one GPIO chip is labelled %s; name the chip by its device, such as gpiochip0.",
                    wanted);
  } else if (scan.refused != 0) {
    (void)fault_set(
        fault, "No GPIO chip %s was found, and a /dev/gpiochip cannot be opened (%s); add the user to the group gpio.",
        wanted, strerror(scan.refused));
  } else if (scan.seen[0] == '\0') {
    (void)fault_set(fault,
                    "There is no GPIO chip %s, for this machine has no /dev/gpiochip at all; enable GPIO or set chip=.",
                    wanted);
  } else {
    (void)fault_set(fault, "There is no GPIO chip %s; set chip= to one of those there are: %s.", wanted, scan.seen);
  }
  return -1;
}

static bool read_info(int chip, uint32_t offset, struct gpio_v2_line_info *info) {
  *info = (struct gpio_v2_line_info){.offset = offset};
  if (ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, info) != 0) return false;
  info->name[GPIO_NAME - 1] = info->consumer[GPIO_NAME - 1] = '\0';
  return true;
}

static bool find_by_name(int chip, struct gpio_line *line, uint32_t lines, struct fault *fault) {
  uint32_t found = 0;
  struct gpio_v2_line_info info;
  for (uint32_t offset = 0; offset < lines; offset++) {
    if (!read_info(chip, offset, &info) || strcmp(info.name, line->name) != 0) continue;
    line->offset = offset;
    found++;
  }
  if (found == 1) return true;
  if (found > 1) {
    return fault_set(fault, "Chip %s has %u lines named %s; say which with offset= in place of line=.", line->chip,
                     found, line->name);
  }
  return fault_set(fault, "Chip %s has no line named %s; correct line=, or use offset=.", line->chip, line->name);
}

bool gpio_find_line(int chip, struct gpio_line *line, struct fault *fault) {
  struct gpiochip_info chip_info = {0};
  struct gpio_v2_line_info info;
  if (ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &chip_info) != 0) {
    return fault_set(fault, "Chip %s cannot be asked for its lines: %s.", line->chip, strerror(errno));
  }
  if (!read_info(chip, 0, &info) && (errno == EINVAL || errno == ENOTTY)) {
    return fault_set(fault, "This kernel has no GPIO interface version 2; install Linux 5.10 or later.");
  }
  if (line->name[0] != '\0' && !find_by_name(chip, line, chip_info.lines, fault)) return false;
  if (line->offset >= chip_info.lines || !read_info(chip, line->offset, &info)) {
    return fault_set(fault, "Chip %s has no line with offset %u; give one below %u.", line->chip, line->offset,
                     chip_info.lines);
  }
  if ((info.flags & GPIO_V2_LINE_FLAG_USED) != 0) {
    return fault_set(fault, "Line %u (%s) of chip %s is held by \"%s\"; stop that program or choose another line.",
                     line->offset, info.name, line->chip, info.consumer);
  }
  return true;
}
