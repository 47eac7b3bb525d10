/* A file mapped into memory, held by one process at a time: what it holds survives the process, not a power cut. */
#ifndef LINEGATE_STORE_H
#define LINEGATE_STORE_H

#include "fault.h"

#include <stddef.h>

struct store {
  void *memory;
  size_t size;
  int fd;
};

/*
 * Maps `size` bytes of the file, made full of zeros where it is new. Refuses when another process holds it. `fresh`
 * tells that the file was new or had another size, and is now all zeros.
 */
bool store_open(struct store *store, const char *path, size_t size, bool *fresh, struct fault *fault);

void store_close(struct store *store);

#endif
