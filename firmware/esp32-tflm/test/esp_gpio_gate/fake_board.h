// A board made of memory: pins, their interrupts, esp_timer and one GPTimer, in a time that the test owns. It stands
// behind the functions of ESP-IDF that the edge calls.
#pragma once

#include <stdint.h>

namespace linegate::fake {

inline constexpr int kPins = 49;
inline constexpr int kChanges = 256;

// A level that an output pin took.
struct Change {
  int64_t at_us;
  int pin;
  bool high;
};

struct Board {
  int64_t now_us = 0;
  // The GPTimer's counter was zero then.
  int64_t timer_zero_us = 0;
  // How late its interrupt is.
  int64_t interrupt_late_us = 0;
  bool high[kPins] = {};
  bool output[kPins] = {};
  bool pulled_up[kPins] = {};
  // Changes of pins that are outputs, and of those that become one.
  Change changes[kChanges] = {};
  int change_count = 0;
  bool no_timer = false;
  int timers = 0;
  bool alarm_on = false;
  uint64_t alarm_count = 0;
  int alarms_set = 0;
  int panics = 0;
  bool gate_high_in_panic = false;
};

// The one board; Begin makes it new. Its time does not start at zero.
Board& TheBoard();
void Begin();
// Time goes on to then, with the timer's interrupts.
void RunTo(int64_t at_us);
// An edge at a pin: its interrupt comes at once. False when nobody listens to such an edge.
bool Edge(int pin, bool high);
// When the pin took this level, the n-th time from 0; -1: not so often.
int64_t ChangedUs(int pin, bool high, int n);
// The program panics.
void Panic();

}  // namespace linegate::fake
