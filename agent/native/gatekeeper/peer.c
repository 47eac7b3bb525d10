#define _GNU_SOURCE /* getrandom */
#include "host.h"

#include "listen.h"
#include "log.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* Taken from the agent in one turn of the loop; the rest waits for the next, behind edges and what is due. */
#define TURN_BYTES (64 * WIRE_BYTES)

static bool may_come(const struct host *host, uid_t peer) {
  return peer == 0 || peer == geteuid() || peer == (uid_t)host->conf.number[CONF_AGENT_UID];
}

static void refuse_busy(int fd, int64_t now) {
  uint8_t bytes[WIRE_BYTES];
  keeper_busy(bytes, now);
  (void)send(fd, bytes, sizeof bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
  (void)close(fd);
}

void peer_accept(struct host *host, int64_t now) {
  uid_t uid = 0;
  uint64_t nonce = 0;
  int fd = listen_accept(host->listener, &uid);
  if (fd < 0) return;
  if (!may_come(host, uid)) {
    log_line("A process of user %u was turned away; set agent-uid if the agent runs as that user.", (unsigned)uid);
    (void)close(fd);
  } else if (host->peer != HOST_NONE) {
    refuse_busy(fd, now);
  } else if (getrandom(&nonce, sizeof nonce, GRND_NONBLOCK) != (ssize_t)sizeof nonce) {
    log_line("A connection was turned away, for the kernel has no random numbers yet; the agent will try again.");
    (void)close(fd);
  } else {
    host->peer = fd;
    host->peer_waits = false;
    keeper_connected(&host->keeper, nonce, now);
  }
}

static void forget(struct host *host, int64_t now) {
  (void)close(host->peer);
  host->peer = HOST_NONE;
  host->peer_waits = false;
  keeper_disconnected(&host->keeper, now);
}

void peer_receive(struct host *host, int64_t now) {
  static uint8_t bytes[TURN_BYTES];
  if (host->peer == HOST_NONE) return;
  ssize_t count = recv(host->peer, bytes, sizeof bytes, MSG_DONTWAIT);
  if (count > 0) {
    keeper_bytes(&host->keeper, bytes, (size_t)count, now);
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    forget(host, now);
  }
}

/* Sends as much as fits; false when the connection is broken. */
static bool send_pending(struct host *host, int64_t now) {
  const uint8_t *bytes = NULL;
  host->peer_waits = false;
  for (size_t count = keeper_pending(&host->keeper, &bytes); count > 0; count = keeper_pending(&host->keeper, &bytes)) {
    ssize_t sent = send(host->peer, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      host->peer_waits = errno == EAGAIN || errno == EINTR;
      return host->peer_waits;
    }
    keeper_sent(&host->keeper, (size_t)sent, now);
  }
  return true;
}

void peer_flush(struct host *host, int64_t now) {
  if (host->peer != HOST_NONE && !send_pending(host, now)) forget(host, now);
}

void peer_close(struct host *host, int64_t now) {
  if (host->peer == HOST_NONE) return;
  (void)send_pending(host, now);
  forget(host, now);
}
