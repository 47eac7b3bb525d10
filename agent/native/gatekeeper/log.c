#include "log.h"

#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned dropped;

/*
 * False when it cannot be written now. The file description of standard error is shared with others, so it is not made
 * non-blocking. A pipe or terminal that polls writable takes PIPE_BUF bytes at once; a socket (journald) is sent to
 * without waiting.
 */
static bool put(const char *text, size_t length) {
  if (send(STDERR_FILENO, text, length, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)length) return true;
  struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
  if (poll(&room, 1, 0) != 1 || (room.revents & POLLOUT) == 0) return false;
  int type = 0;
  socklen_t size = sizeof type;
  bool socket = getsockopt(STDERR_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
  return !socket && write(STDERR_FILENO, text, length) == (ssize_t)length;
}

void log_line(const char *format, ...) {
  char line[512];
  if (dropped > 0) {
    int length = snprintf(line, sizeof line, "%u lines of this log were dropped for want of room.\n", dropped);
    if (length > 0 && put(line, (size_t)length)) dropped = 0;
  }
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line - 1, format, values);
  va_end(values);
  if (length < 0) return;
  size_t used = (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
  line[used] = '\n';
  if (!put(line, used + 1)) dropped++;
}
