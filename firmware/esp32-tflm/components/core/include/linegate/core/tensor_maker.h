// Frame -> tensor with the agent's preprocess.
// Threads: one object, one task. Memory is the caller's, for the life of the object.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/core/region.h"
#include "linegate/frame_source.h"
#include "linegate/status.h"

namespace linegate {

struct TensorSpec {
  uint32_t width_px;
  uint32_t height_px;
  // 1: grey, 3: RGB.
  uint32_t channels;
  Region region;
};

class TensorMaker {
 public:
  // `workspace` starts at a multiple of 4; preprocess.h says how large it must be.
  TensorMaker(const TensorSpec& spec, uint8_t* tensor, size_t tensor_bytes, void* workspace, size_t workspace_bytes);

  // kIllegalInput: size, stride and bytes of the frame do not fit each other; kNoSpace: tensor or workspace is too
  // small.
  Status Run(const Frame& frame);

  // uint8 NHWC [1, height_px, width_px, channels] of the last frame; the next Run and an inference may overwrite it.
  const uint8_t* Tensor() const { return tensor_; }
  size_t TensorBytes() const { return size_t{spec_.width_px} * spec_.height_px * spec_.channels; }

 private:
  TensorSpec spec_;
  uint8_t* tensor_;
  size_t tensor_bytes_;
  void* workspace_;
  size_t workspace_bytes_;
};

}  // namespace linegate
