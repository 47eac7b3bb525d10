#define _GNU_SOURCE /* MAP_POPULATE */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Locks the file, and sees that it still is the one at that path: it may have been deleted between the two. */
static bool lock(int fd, const char *path, struct fault *fault) {
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fault_set(fault, "The ring %s cannot be locked: %s.", path, strerror(errno));
    return fault_set(fault, "Another gatekeeper holds the ring %s; stop it, or set another ring for this one.", path);
  }
  struct stat held;
  struct stat there;
  if (fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_ino == there.st_ino && held.st_dev == there.st_dev) {
    return true;
  }
  return fault_set(fault, "The ring %s was replaced while it was opened; start the gatekeeper again.", path);
}

/* All blocks are there before the mapping is used: a full file system must be a fault now, not a signal later. */
static bool set_size(int fd, const char *path, size_t size, bool *fresh, struct fault *fault) {
  struct stat file;
  if (fstat(fd, &file) != 0) return fault_set(fault, "The ring %s cannot be looked at: %s.", path, strerror(errno));
  *fresh = file.st_size != (off_t)size;
  if (*fresh && ftruncate(fd, 0) != 0)
    return fault_set(fault, "The ring %s cannot be emptied: %s.", path, strerror(errno));
  int error = posix_fallocate(fd, 0, (off_t)size);
  if (error == 0) return true;
  return fault_set(fault, "The ring %s cannot have %zu bytes: %s; make room there or set another ring.", path, size,
                   strerror(error));
}

static bool map(struct store *store, const char *path, struct fault *fault) {
  void *memory = mmap(NULL, store->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, store->fd, 0);
  if (memory == MAP_FAILED) return fault_set(fault, "The ring %s cannot be mapped: %s.", path, strerror(errno));
  store->memory = memory;
  return true;
}

bool store_open(struct store *store, const char *path, size_t size, bool *fresh, struct fault *fault) {
  *store = (struct store){.size = size, .fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (store->fd < 0) {
    return fault_set(fault, "The ring %s cannot be opened: %s; see that its folder exists and may be written.", path,
                     strerror(errno));
  }
  if (lock(store->fd, path, fault) && set_size(store->fd, path, size, fresh, fault) && map(store, path, fault))
    return true;
  store_close(store);
  return false;
}

void store_close(struct store *store) {
  if (store->memory != NULL) (void)munmap(store->memory, store->size);
  if (store->fd >= 0) (void)close(store->fd);
  *store = (struct store){.fd = -1};
}
