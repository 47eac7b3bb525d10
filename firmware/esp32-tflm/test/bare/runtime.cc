// What the C++ library would bring where there is none.
#include <stdlib.h>

extern "C" {

void __cxa_pure_virtual() { abort(); }
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
void* __dso_handle = nullptr;

}  // extern "C"
