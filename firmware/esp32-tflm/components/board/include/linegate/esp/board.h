// The board that this firmware is built for: kBoard. docs/esp32.md says why these pins.
#pragma once

#include "linegate/esp/pins.h"
#include "sdkconfig.h"

namespace linegate::esp {

// Photo-eyes with an open collector pull the input down, so their edge goes to low. Gates and READY drive a transistor
// with a pull-down, so that reset de-energises them.
#if defined(CONFIG_LINEGATE_BOARD_ESP32_CAM)
inline constexpr Board kBoard = {
    "esp32-cam",
    // The contacts of the SD card, whose slot must be empty.
    {{14, false}, {15, false}, {13, true}, {12, true}},
    {32, kNoPin, 0, 26, 27, {5, 18, 19, 21, 36, 39, 34, 35}, 25, 23, 22, 20000000},
};
#elif defined(CONFIG_LINEGATE_BOARD_ESP32_S3_EYE)
inline constexpr Board kBoard = {
    "esp32-s3-eye",
    // The contacts of the SD card, whose slot must be empty; there is none left for a confirmation.
    {{38, false}, {kNoPin, false}, {40, true}, {39, true}},
    {kNoPin, kNoPin, 15, 4, 5, {11, 9, 8, 10, 12, 18, 17, 16}, 6, 7, 13, 20000000},
};
#elif defined(CONFIG_LINEGATE_BOARD_XIAO_ESP32S3_SENSE)
inline constexpr Board kBoard = {
    "xiao-esp32s3-sense",
    // D0, D1, D3, D4.
    {{1, false}, {2, false}, {4, true}, {5, true}},
    {kNoPin, kNoPin, 10, 40, 39, {15, 17, 18, 16, 14, 12, 11, 48}, 38, 47, 13, 20000000},
};
#elif defined(CONFIG_LINEGATE_BOARD_ESP32_C3_BENCH)
inline constexpr Board kBoard = {
    "esp32-c3-bench",
    {{0, false}, {1, false}, {3, true}, {10, true}},
    // esp32-camera has no driver for this chip.
    {kNoPin,
     kNoPin,
     kNoPin,
     kNoPin,
     kNoPin,
     {kNoPin, kNoPin, kNoPin, kNoPin, kNoPin, kNoPin, kNoPin, kNoPin},
     kNoPin,
     kNoPin,
     kNoPin,
     0},
};
#else
#error "Choose a board: boards/NAME/sdkconfig.defaults, as `linegate esp build --board NAME` does."
#endif

}  // namespace linegate::esp
