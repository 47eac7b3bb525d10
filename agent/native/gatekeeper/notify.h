/* What systemd is told over $NOTIFY_SOCKET (sd_notify); nothing where the variable is not set. */
#ifndef LINEGATE_NOTIFY_H
#define LINEGATE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Sends lines such as "READY=1\nSTATUS=...". Never waits. True when it went out, or nobody asked for it. */
bool notify_send(const char *lines);

/* Tells what stands against ready (bits of enum wire_doubt, by the names of the station's log), when it has changed:
 * "ready, no doubt" or "not ready: start, no-agent". `linegate doctor` shows it. Never waits. */
void notify_doubts(uint32_t doubts);

/* How often systemd wants to hear WATCHDOG=1, ns (half of what it tolerates), or 0 when it does not. */
int64_t notify_watchdog_period(void);

/* Sends each line of standard input until it ends: Node has no datagram sockets. An exit status. */
int notify_relay(void);

#endif
