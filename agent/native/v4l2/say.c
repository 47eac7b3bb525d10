#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int say(int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  return status;
}

void text_add(struct text *text, const char *format, ...) {
  static const char more[] = "...";
  const size_t room = sizeof text->bytes - sizeof more;
  if (text->used >= room) return;
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text->bytes + text->used, room - text->used, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  text->used += (size_t)length;
  if (text->used < room) return;
  memcpy(text->bytes + room - 1, more, sizeof more);
  text->used = room;
}
