#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

bool fault_set(struct fault *fault, const char *format, ...) {
  va_list values;
  va_start(values, format);
  (void)vsnprintf(fault->text, sizeof fault->text, format, values);
  va_end(values);
  return false;
}
