#include "output.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/** "LGV4" */
static const uint32_t MAGIC = 0x3456474c;

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++)
    at[i] = (uint8_t)(value >> (8 * i));
}

static void begin(struct output *output, const struct picture *picture) {
  const struct device *device = output->device;
  uint8_t *header = output->header;
  memset(header, 0, HEADER_BYTES);
  put32(header, MAGIC);
  put32(header + 4, 1);
  put32(header + 8, device->fourcc);
  put32(header + 12, device->width);
  put32(header + 16, device->height);
  put32(header + 20, device->stride);
  put32(header + 24, picture->size);
  put32(header + 28, picture->sequence);
  put32(header + 32, (uint32_t)picture->stamp_ns);
  put32(header + 36, (uint32_t)(picture->stamp_ns >> 32));
  put32(header + 40, picture->flags);
  put32(header + 44, output->dropped);
  put32(header + 48, output->damaged);
  put32(header + 52, device->rate_numerator);
  put32(header + 56, device->rate_denominator);
  output->now = *picture;
  output->done = 0;
  output->writing = true;
}

void output_start(struct output *output, const struct device *device) {
  const struct picture none = {.buffer = NO_BUFFER};
  *output = (struct output){.device = device, .now = none, .next = none};
  begin(output, &none);
}

int output_offer(struct output *output, const struct picture *picture) {
  if (!output->writing) {
    begin(output, picture);
    return NO_BUFFER;
  }
  const int passed_over = output->next.buffer;
  if (passed_over != NO_BUFFER) output->dropped++;
  output->next = *picture;
  return passed_over;
}

/** The record is out: the next begins, if one waits. */
static int finish(struct output *output) {
  const int freed = output->now.buffer;
  output->now.buffer = NO_BUFFER;
  output->writing = false;
  if (output->next.buffer != NO_BUFFER) {
    const struct picture next = output->next;
    output->next.buffer = NO_BUFFER;
    begin(output, &next);
  }
  return freed;
}

bool output_write(struct output *output, int *freed) {
  *freed = NO_BUFFER;
  const size_t in_header = output->done < HEADER_BYTES ? output->done : HEADER_BYTES;
  const size_t in_pixels = output->done - in_header;
  uint8_t nothing = 0;
  uint8_t *pixels = output->now.size > 0 ? output->now.pixels + in_pixels : &nothing;
  const struct iovec parts[2] = {
      {.iov_base = output->header + in_header, .iov_len = HEADER_BYTES - in_header},
      {.iov_base = pixels, .iov_len = output->now.size - in_pixels},
  };
  const ssize_t written = writev(STDOUT_FILENO, parts, 2);
  if (written < 0) return errno == EAGAIN || errno == EINTR;
  output->done += (size_t)written;
  if (output->done == HEADER_BYTES + (size_t)output->now.size) *freed = finish(output);
  return true;
}
