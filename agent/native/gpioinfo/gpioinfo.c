// Prints the GPIO chips of this computer and their lines as one JSON document. It only asks (uAPI v2:
// GPIO_GET_CHIPINFO, GPIO_V2_GET_LINEINFO) and claims nothing, so it may run beside whatever holds the lines. No
// library but libc.
//   {"chips":[{"device","label","lines":[{"offset","name","consumer","used","direction"}]}],"refused":[{"device","reason"}]}
#define _GNU_SOURCE // versionsort
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MAX_CHIPS = 64, MAX_PATH_BYTES = 64 };

struct refusal {
  char device[MAX_PATH_BYTES];
  int reason;
};

// Names come from device trees and from other programs: any byte may be in them.
static void print_string(const char *text, size_t max_bytes) {
  putchar('"');
  for (size_t i = 0; i < max_bytes && text[i] != '\0'; i++) {
    unsigned char byte = (unsigned char)text[i];
    if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\') {
      printf("\\u%04x", byte);
    } else {
      putchar(byte);
    }
  }
  putchar('"');
}

static int print_lines(int fd, unsigned lines) {
  for (unsigned offset = 0; offset < lines; offset++) {
    struct gpio_v2_line_info info = {.offset = offset};
    if (ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &info) < 0) return errno;
    printf("%s{\"offset\":%u,\"name\":", offset == 0 ? "" : ",", offset);
    print_string(info.name, sizeof info.name);
    printf(",\"consumer\":");
    print_string(info.consumer, sizeof info.consumer);
    printf(",\"used\":%s", (info.flags & GPIO_V2_LINE_FLAG_USED) != 0 ? "true" : "false");
    printf(",\"direction\":\"%s\"}", (info.flags & GPIO_V2_LINE_FLAG_OUTPUT) != 0 ? "output" : "input");
  }
  return 0;
}

// 0, or the reason why the chip cannot be asked. A chip that vanishes half way has the lines that it told until then.
static int print_chip(const char *device, int first) {
  struct gpiochip_info chip = {0};
  int fd = open(device, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  struct gpio_v2_line_info probe = {.offset = 0};
  int reason = 0;
  if (ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &chip) < 0 ||
      (chip.lines > 0 && ioctl(fd, GPIO_V2_GET_LINEINFO_IOCTL, &probe) < 0))
    reason = errno;
  if (reason == 0) {
    printf("%s{\"device\":\"%s\",\"label\":", first ? "" : ",", device);
    print_string(chip.label, sizeof chip.label);
    printf(",\"lines\":[");
    reason = print_lines(fd, chip.lines);
    printf("]}");
    if (reason == ENODEV) reason = 0;
  }
  close(fd);
  return reason;
}

static int is_chip(const struct dirent *entry) { return strncmp(entry->d_name, "gpiochip", 8) == 0; }

static int print_chips(struct dirent **names, int count, struct refusal *refused) {
  int refusals = 0;
  int first = 1;
  for (int i = 0; i < count && i < MAX_CHIPS; i++) {
    struct refusal *next = &refused[refusals];
    snprintf(next->device, sizeof next->device, "/dev/%.50s", names[i]->d_name);
    next->reason = print_chip(next->device, first);
    if (next->reason == 0) {
      first = 0;
    } else {
      refusals++;
    }
  }
  return refusals;
}

int main(void) {
  static struct refusal refused[MAX_CHIPS + 1];
  struct dirent **names = NULL;
  int count = scandir("/dev", &names, is_chip, versionsort);
  printf("{\"chips\":[");
  int refusals = print_chips(names, count, refused);
  printf("],\"refused\":[");
  for (int i = 0; i < refusals; i++) {
    printf("%s{\"device\":\"%s\",\"reason\":", i == 0 ? "" : ",", refused[i].device);
    print_string(strerror(refused[i].reason), 200);
    printf("}");
  }
  printf("]}\n");
  for (int i = 0; i < count; i++)
    free(names[i]);
  free((void *)names);
  return 0;
}
