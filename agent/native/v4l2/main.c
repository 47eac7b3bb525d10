/*
 * linegate-v4l2: the frames of one V4L2 camera on standard output, each with its sequence number and the kernel's
 * timestamp (output.h has the format). It exists because neither v4l2-ctl nor ffmpeg tells the time of a frame. It ends
 * when nobody reads any more, when the device is gone, or on SIGTERM; whoever started it starts it again.
 */
#include "device.h"
#include "list.h"
#include "options.h"
#include "stream.h"

int main(int count, char **arguments) {
  struct options options;
  struct device device;
  int status = options_read(&options, count, arguments);
  if (status != 0) return status;
  if (options.list) return list_cameras();
  status = device_open(&device, &options);
  return status != 0 ? status : stream_run(&device);
}
