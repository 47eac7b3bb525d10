// Numbers as JavaScript writes them, because a row's hash is over its text.
// Threads: pure functions.
#pragma once

#include <stddef.h>

namespace linegate {

// "-2.2250738585072014e-308" and its terminating zero.
inline constexpr size_t kNumberBytes = 26;

// The shortest decimal that reads back as `value`, in the form of ECMAScript's Number::toString; the number of
// characters. "null" for what is not finite, as JSON has no word for it. Takes about 900 bytes of stack.
size_t NumberText(double value, char text[kNumberBytes]);

// JavaScript's Math.round: to the nearest whole number, halves up. `value` lies in -2^53 to 2^53.
double Round(double value);

}  // namespace linegate
