// Runs the model.
// Threads: all methods from the station task alone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/status.h"

namespace linegate {

class Classifier {
 public:
  // Loads the model into memory that it owns. kBadConfig: the model does not fit the interpreter, arena or resolver.
  virtual Status Open() = 0;
  // `pixels`: uint8 NHWC of the model's size. `scores`: one int8 a label, as stored: (score + 128) / 256 lies in 0
  // to 1. Waits for the inference. kIllegalInput: sizes differ from the model's; kDeviceFault: the interpreter failed.
  virtual Status Classify(const uint8_t* pixels, size_t pixel_bytes, int8_t* scores, size_t label_count) = 0;
  // Of the tensor arena, after Open; 0 where there is none.
  virtual size_t ArenaUsedBytes() = 0;

 protected:
  ~Classifier() = default;
};

}  // namespace linegate
