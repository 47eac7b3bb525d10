// What Kconfig makes of boards/esp32-c3-bench, as far as the edge asks.
#pragma once

#define CONFIG_IDF_TARGET_ESP32C3 1
#define CONFIG_LINEGATE_BOARD_ESP32_C3_BENCH 1
#define CONFIG_LWIP_SNTP_MAX_SERVERS 1
#define CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG 1
