# rv32imc, the core of the ESP32-C3, as QEMU's virt machine. Debian 12 has no C++ library for it, only picolibc: the C++ is
# freestanding, and test/bare/runtime.cc and test/bare/include stand for the little that the compiler and the model expect.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(flags "-march=rv32imc -mabi=ilp32 --specs=picolibc.specs -Os -g -ffunction-sections -fdata-sections -fstack-usage -D_POSIX_C_SOURCE=200809L")
set(CMAKE_C_FLAGS_INIT "${flags}")
set(CMAKE_CXX_FLAGS_INIT "${flags} -isystem ${CMAKE_CURRENT_LIST_DIR}/include")
set(CMAKE_CXX_LINK_EXECUTABLE "<CMAKE_C_COMPILER> <FLAGS> <CMAKE_CXX_LINK_FLAGS> <LINK_FLAGS> <OBJECTS> -o <TARGET> <LINK_LIBRARIES>")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--oslib=semihost --crt0=semihost -Wl,--gc-sections -Tpicolibc.ld \
-Wl,--defsym=__flash=0x80000000 -Wl,--defsym=__flash_size=4M -Wl,--defsym=__ram=0x80400000 -Wl,--defsym=__ram_size=4M \
-Wl,--defsym=__stack_size=64k")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-system-riscv32;-M;virt;-bios;none;-nographic;-monitor;none;-serial;none
  -semihosting-config;enable=on,target=native;-kernel)
