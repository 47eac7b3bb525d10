/* The local socket on which the agent comes: AF_UNIX, SOCK_STREAM, never waiting. */
#ifndef LINEGATE_LISTEN_H
#define LINEGATE_LISTEN_H

#include "fault.h"

#include <stdint.h>
#include <sys/types.h>

/*
 * Listens on `path`, mode 0660, owned by `agent` where that may be set. A socket file that a dead process left is
 * replaced, anything else that lies there is left alone. A file descriptor, or -1.
 */
int listen_open(const char *path, uid_t agent, struct fault *fault);

/*
 * Accepts one connection and tells the user id of its process; -1 when none waits or it is gone already. EMFILE and the
 * like also give -1: poll will tell again.
 */
int listen_accept(int listener, uid_t *peer);

#endif
