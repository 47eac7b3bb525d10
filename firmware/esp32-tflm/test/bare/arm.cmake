# Cortex-M3 without an operating system, as QEMU's mps2-an385: a 32-bit core without floating point, like the ESP32-C3.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(flags "-mcpu=cortex-m3 -mthumb -Os -g -ffunction-sections -fdata-sections -fstack-usage -D_POSIX_C_SOURCE=200809L")
set(CMAKE_C_FLAGS_INIT "${flags}")
set(CMAKE_CXX_FLAGS_INIT "${flags}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "--specs=rdimon.specs -nostartfiles -Wl,--gc-sections \
-T${CMAKE_CURRENT_LIST_DIR}/arm.ld")
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-system-arm;-M;mps2-an385;-nographic;-monitor;none;-serial;none
  -semihosting-config;enable=on,target=native;-kernel)
