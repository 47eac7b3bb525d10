#define _GNU_SOURCE /* accept4, struct ucred */
#include "listen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WAITING_CONNECTIONS 4

/* Whether a live process answers at the address. */
static bool answers(const struct sockaddr_un *address) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return true;
  bool refused = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
  (void)close(fd);
  return !refused;
}

static bool clear_path(const struct sockaddr_un *address, struct fault *fault) {
  struct stat there;
  if (lstat(address->sun_path, &there) != 0) return true;
  if (!S_ISSOCK(there.st_mode)) {
    return fault_set(fault, "%s is no socket; move that file away or set another socket.", address->sun_path);
  }
  if (answers(address)) {
    return fault_set(fault, "Another process listens on %s; stop it or set another socket.", address->sun_path);
  }
  if (unlink(address->sun_path) == 0) return true;
  return fault_set(fault, "The old socket %s cannot be removed: %s; delete it.", address->sun_path, strerror(errno));
}

static bool bind_and_listen(int fd, const struct sockaddr_un *address, uid_t agent, struct fault *fault) {
  const char *path = address->sun_path;
  mode_t mask = umask(0117);
  int bound = bind(fd, (const struct sockaddr *)address, sizeof *address);
  (void)umask(mask);
  if (bound != 0) {
    return fault_set(fault, "The socket %s cannot be made: %s; see that its folder exists and may be written.", path,
                     strerror(errno));
  }
  if (agent != geteuid() && lchown(path, agent, (gid_t)-1) != 0) {
    return fault_set(fault, "The socket %s cannot be given to user %u: %s; run as root or as that user.", path,
                     (unsigned)agent, strerror(errno));
  }
  if (listen(fd, WAITING_CONNECTIONS) == 0) return true;
  return fault_set(fault, "Nothing can listen on %s: %s.", path, strerror(errno));
}

int listen_open(const char *path, uid_t agent, struct fault *fault) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (path[0] != '/' || strlen(path) >= sizeof address.sun_path) {
    (void)fault_set(fault, "The socket %s is no absolute path of at most %zu bytes; give one.", path,
                    sizeof address.sun_path - 1);
    return -1;
  }
  (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  if (!clear_path(&address, fault)) return -1;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && bind_and_listen(fd, &address, agent, fault)) return fd;
  if (fd < 0) {
    (void)fault_set(fault, "No socket can be made: %s.", strerror(errno));
  } else {
    (void)close(fd);
  }
  return -1;
}

int listen_accept(int listener, uid_t *peer) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return -1;
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 && size == sizeof credentials) {
    *peer = credentials.uid;
    return fd;
  }
  (void)close(fd);
  return -1;
}
