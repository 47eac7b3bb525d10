// What Kconfig makes of boards/esp32-cam, as far as the edge asks.
#pragma once

#define CONFIG_IDF_TARGET_ESP32 1
#define CONFIG_LINEGATE_BOARD_ESP32_CAM 1
#define CONFIG_LWIP_SNTP_MAX_SERVERS 1
