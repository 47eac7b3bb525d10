/* What went wrong, as one plain sentence for a person: what, which value, what to do. */
#ifndef LINEGATE_FAULT_H
#define LINEGATE_FAULT_H

#include <stdbool.h>

struct fault {
  char text[320];
};

/* Sets the sentence and returns false, so that a function that fails can end with it. */
bool fault_set(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
