#define _GNU_SOURCE /* the kernel's video header needs struct timespec; O_CLOEXEC, sigaction */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "offers.h"
#include "output.h"
#include "say.h"

/** One is being written, one waits for the writer, the device fills the others. */
enum { BUFFERS = 6, LEAST_BUFFERS = 4, POLL_MS = 1000 };

struct stream {
  const struct device *device;
  uint32_t buffers;
  uint8_t *pixels[BUFFERS];
  size_t bytes[BUFFERS];
  struct output output;
};

static int say_failed(const struct stream *stream, const char *what) {
  return say(EXIT_DEVICE, "The camera %s cannot %s (%s): see whether another program uses it, or the bus is full.",
             stream->device->path, what, strerror(errno));
}

/** Gives a buffer back to the device; false when the device does not take it. */
static bool queue(const struct stream *stream, uint32_t index) {
  struct v4l2_buffer buffer = {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  return device_ioctl(stream->device->fd, VIDIOC_QBUF, &buffer) == 0;
}

static bool map(struct stream *stream, uint32_t index) {
  struct v4l2_buffer buffer = {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  if (device_ioctl(stream->device->fd, VIDIOC_QUERYBUF, &buffer) != 0) return false;
  void *memory = mmap(NULL, buffer.length, PROT_READ, MAP_SHARED, stream->device->fd, (off_t)buffer.m.offset);
  if (memory == MAP_FAILED) return false;
  stream->pixels[index] = memory;
  stream->bytes[index] = buffer.length;
  return true;
}

static int start(struct stream *stream) {
  const int fd = stream->device->fd;
  struct v4l2_requestbuffers request = {
      .count = BUFFERS, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  if (device_ioctl(fd, VIDIOC_REQBUFS, &request) != 0) return say_failed(stream, "give buffers");
  stream->buffers = request.count < BUFFERS ? request.count : BUFFERS;
  if (stream->buffers < LEAST_BUFFERS) {
    return say(EXIT_DEVICE, "The camera %s gives %u buffers where %d are needed.", stream->device->path,
               stream->buffers, LEAST_BUFFERS);
  }
  for (uint32_t i = 0; i < stream->buffers; i++) {
    if (!map(stream, i) || !queue(stream, i)) return say_failed(stream, "share its buffers");
  }
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (device_ioctl(fd, VIDIOC_STREAMON, &type) != 0) return say_failed(stream, "start its stream");
  return 0;
}

static uint64_t now_ns(void) {
  struct timespec now = {0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static struct picture picture_of(const struct stream *stream, const struct v4l2_buffer *buffer) {
  struct picture picture = {.buffer = (int)buffer->index,
                            .pixels = stream->pixels[buffer->index],
                            .size = stream->device->frame_bytes,
                            .sequence = buffer->sequence,
                            .stamp_ns = now_ns()};
  if ((buffer->flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC) {
    picture.stamp_ns = (uint64_t)buffer->timestamp.tv_sec * 1000000000u + (uint64_t)buffer->timestamp.tv_usec * 1000u;
    picture.flags = FLAG_KERNEL_TIME;
    if ((buffer->flags & V4L2_BUF_FLAG_TSTAMP_SRC_MASK) == V4L2_BUF_FLAG_TSTAMP_SRC_SOE) {
      picture.flags |= FLAG_START_OF_EXPOSURE;
    }
  }
  return picture;
}

static bool is_whole(const struct stream *stream, const struct v4l2_buffer *buffer) {
  const uint32_t needed = stream->device->frame_bytes;
  return (buffer->flags & V4L2_BUF_FLAG_ERROR) == 0 && buffer->bytesused >= needed &&
         stream->bytes[buffer->index] >= needed;
}

static int say_gone(const struct stream *stream) {
  if (errno == ENODEV) return say(EXIT_GONE, "The camera %s was unplugged.", stream->device->path);
  return say(EXIT_GONE, "The camera %s has stopped (%s).", stream->device->path, strerror(errno));
}

/** Takes all frames that wait; returns 0, or the exit status. */
static int take_frames(struct stream *stream) {
  struct v4l2_buffer buffer = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  while (device_ioctl(stream->device->fd, VIDIOC_DQBUF, &buffer) == 0) {
    if (buffer.index >= stream->buffers) {
      errno = EPROTO;
      return say_gone(stream);
    }
    int freed = (int)buffer.index;
    if (is_whole(stream, &buffer)) {
      const struct picture picture = picture_of(stream, &buffer);
      freed = output_offer(&stream->output, &picture);
    } else {
      stream->output.damaged++;
    }
    if (freed != NO_BUFFER && !queue(stream, (uint32_t)freed)) return say_gone(stream);
  }
  return errno == EAGAIN ? 0 : say_gone(stream);
}

/** One turn; `going` becomes false when the stream is over, with the exit status as the result. */
static int turn(struct stream *stream, bool *going) {
  struct pollfd watched[2] = {
      {.fd = stream->device->fd, .events = POLLIN},
      {.fd = STDOUT_FILENO, .events = stream->output.writing ? POLLOUT : 0},
  };
  int freed = NO_BUFFER;
  int status = 0;
  if (poll(watched, 2, POLL_MS) < 0) return 0;
  *going = false;
  if (watched[1].revents & (POLLERR | POLLHUP | POLLNVAL)) return EXIT_READER_GONE;
  if (watched[0].revents & POLLIN) status = take_frames(stream);
  if (status != 0) return status;
  if (watched[0].revents & (POLLERR | POLLHUP | POLLNVAL)) {
    status = take_frames(stream);
    errno = ENODEV;
    return status != 0 ? status : say_gone(stream);
  }
  if (stream->output.writing && !output_write(&stream->output, &freed)) return EXIT_READER_GONE;
  if (freed != NO_BUFFER && !queue(stream, (uint32_t)freed)) return say_gone(stream);
  *going = true;
  return 0;
}

int stream_run(const struct device *device) {
  struct stream stream = {.device = device};
  // A reader that goes away must end the loop, not the process; a slow one must not hold up the device.
  const struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGPIPE, &ignore, NULL);
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);
  if (flags < 0 || fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK) < 0) {
    return say(EXIT_ARGUMENTS, "Standard output is not open: linegate-v4l2 writes the frames there.");
  }
  int status = start(&stream);
  bool going = status == 0;
  output_start(&stream.output, device);
  while (going)
    status = turn(&stream, &going);
  return status;
}
