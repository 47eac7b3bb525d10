// How a board is wired. Numbers are those of the chip's GPIOs; kNoPin: not there.
#pragma once

#include <stdint.h>

namespace linegate::esp {

inline constexpr int kNoPin = -1;

// An output and the level at which it is active. De-energised is the other one: what a pull resistor makes of the pin
// while the chip is in reset must be that, too.
struct OutputPin {
  int gpio;
  bool active_high;
};

// An input and the level to which its edge goes when a part comes.
struct InputPin {
  int gpio;
  bool active_high;
};

struct LinePins {
  InputPin trigger;
  InputPin confirmation;
  OutputPin gate;
  OutputPin ready;
};

// The parallel interface of the image sensor, in the names of esp32-camera.
struct CameraPins {
  int power_down;
  int reset;
  int xclk;
  int sda;
  int scl;
  int data[8];
  int vsync;
  int href;
  int pclk;
  uint32_t xclk_hz;
};

struct Board {
  const char* name;
  LinePins line;
  CameraPins camera;
};

}  // namespace linegate::esp
