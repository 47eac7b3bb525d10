/*
 * For the test of the agent's codec: reads records of 64 bytes on standard input and answers each on standard output
 * with one byte, what wire_decode says of it as a request (0: accepted), and then with 64, what comes of decoding and
 * encoding it: as a request where it is one, as an event otherwise.
 */
#include "../wire.h"

#include <stdio.h>

int main(void) {
  uint8_t bytes[WIRE_BYTES];
  uint8_t again[WIRE_BYTES];
  while (fread(bytes, sizeof bytes, 1, stdin) == 1) {
    struct wire_request request;
    struct wire_event event;
    int refusal = (int)wire_decode(bytes, &request);
    if (refusal == 0) {
      wire_encode_request(&request, again);
    } else {
      (void)wire_decode_event(bytes, &event);
      wire_encode(&event, again);
    }
    if (putchar(refusal) == EOF || fwrite(again, sizeof again, 1, stdout) != 1) return 1;
  }
  return 0;
}
