/*
 * A pseudo-terminal between a test and a program that wants a serial port. Its name is the first line on standard error; what
 * is written to the terminal goes to standard output, and standard input to the terminal. Ends with standard input.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static int fail(const char *what) {
  perror(what);
  return 1;
}

/* All of it, or false. */
static int pass_on(int from, int to) {
  char bytes[4096];
  ssize_t count = read(from, bytes, sizeof bytes);
  if (count <= 0) return 0;
  for (ssize_t done = 0; done < count;) {
    ssize_t put = write(to, bytes + done, (size_t)(count - done));
    if (put <= 0) return 0;
    done += put;
  }
  return 1;
}

int main(void) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return fail("posix_openpt");
  /* Held open, so that the terminal outlives a program that closes it. */
  int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  struct termios raw;
  if (slave < 0 || tcgetattr(slave, &raw) != 0) return fail("open");
  cfmakeraw(&raw);
  if (tcsetattr(slave, TCSANOW, &raw) != 0) return fail("tcsetattr");
  fprintf(stderr, "%s\n", ptsname(master));
  for (;;) {
    struct pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {master, POLLIN, 0}};
    if (poll(waits, 2, -1) < 0) return fail("poll");
    if (waits[0].revents != 0 && !pass_on(STDIN_FILENO, master)) return 0;
    if (waits[1].revents != 0 && !pass_on(master, STDOUT_FILENO)) return 0;
  }
}
