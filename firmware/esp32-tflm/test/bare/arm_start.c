/* From reset to main on a Cortex-M, with newlib's semihosting for files and output. */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t data_start[], data_end[], data_load[], bss_start[], bss_end[], stack_top[];
extern void (*__init_array_start[])(void);
extern void (*__init_array_end[])(void);
extern void initialise_monitor_handles(void);
extern int main(int argc, char **argv);

/* exit() asks for it; there is nothing to end. */
void _fini(void) {}

void start(void) {
  for (uint32_t *to = data_start, *from = data_load; to < data_end;) *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;) *to++ = 0;
  initialise_monitor_handles();
  for (void (**constructor)(void) = __init_array_start; constructor < __init_array_end; constructor++) (*constructor)();
  exit(main(0, 0));
}

static void fault(void) { exit(99); }

__attribute__((section(".vectors"), used)) static void *const vectors[] = {stack_top, start, fault, fault, fault, fault, fault};
