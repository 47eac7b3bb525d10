/* Plain lines on standard error that never hold the loop up: a line for which there is no room is dropped and counted.
 */
#ifndef LINEGATE_LOG_H
#define LINEGATE_LOG_H

/* Writes one line, at most 511 bytes of it. The next line that finds room is preceded by how many were dropped. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
