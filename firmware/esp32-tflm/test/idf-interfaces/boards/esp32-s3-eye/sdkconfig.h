// What Kconfig makes of boards/esp32-s3-eye, as far as the edge asks.
#pragma once

#define CONFIG_IDF_TARGET_ESP32S3 1
#define CONFIG_LINEGATE_BOARD_ESP32_S3_EYE 1
#define CONFIG_LWIP_SNTP_MAX_SERVERS 1
#define CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG 1
