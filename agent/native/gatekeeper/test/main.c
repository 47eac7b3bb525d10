/* Runs the core's tests: main [PARTS], the parts on the simulated belt. Prints figures; aborts where something is not
 * true. */
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  test_pieces();
  test_rules();
  test_outputs();
  test_early();
  test_belt(argc > 1 ? strtoull(argv[1], NULL, 10) : 100000);
  (void)puts("ok");
  return 0;
}
