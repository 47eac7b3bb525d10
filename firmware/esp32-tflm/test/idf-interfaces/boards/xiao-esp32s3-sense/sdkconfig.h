// What Kconfig makes of boards/xiao-esp32s3-sense, as far as the edge asks.
#pragma once

#define CONFIG_IDF_TARGET_ESP32S3 1
#define CONFIG_LINEGATE_BOARD_XIAO_ESP32S3_SENSE 1
#define CONFIG_LWIP_SNTP_MAX_SERVERS 1
#define CONFIG_ESP_CONSOLE_USB_SERIAL_JTAG 1
