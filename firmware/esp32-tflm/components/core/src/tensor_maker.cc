#include "linegate/core/tensor_maker.h"

extern "C" {
#include "preprocess.h"
}

namespace linegate {
namespace {

Status StatusOf(enum preprocess_fault fault) {
  switch (fault) {
    case PREPROCESS_OK: return Status::kOk;
    case PREPROCESS_BAD_TENSOR:
    case PREPROCESS_BAD_WORKSPACE: return Status::kNoSpace;
    case PREPROCESS_BAD_FORMAT:
    case PREPROCESS_BAD_SIZE:
    case PREPROCESS_BAD_STRIDE:
    case PREPROCESS_SHORT_DATA:
    case PREPROCESS_BAD_REGION: break;
  }
  return Status::kIllegalInput;
}

bool HasSize(const Frame& frame) {
  return frame.width_px >= 1 && frame.width_px <= PREPROCESS_MAX_SIDE_PX && frame.height_px >= 1 &&
         frame.height_px <= PREPROCESS_MAX_SIDE_PX;
}

}  // namespace

TensorMaker::TensorMaker(const TensorSpec& spec, uint8_t* tensor, size_t tensor_bytes, void* workspace,
                         size_t workspace_bytes)
    : spec_(spec),
      tensor_(tensor),
      tensor_bytes_(tensor_bytes),
      workspace_(workspace),
      workspace_bytes_(workspace_bytes) {}

Status TensorMaker::Run(const Frame& frame) {
  if (!HasSize(frame)) return Status::kIllegalInput;
  const PixelRect rect = RegionPixels(spec_.region, frame.width_px, frame.height_px);
  const struct preprocess_job job = {static_cast<uint32_t>(frame.format),
                                     frame.width_px,
                                     frame.height_px,
                                     frame.stride_bytes,
                                     rect.x_px,
                                     rect.y_px,
                                     rect.width_px,
                                     rect.height_px,
                                     spec_.channels == 3 ? PREPROCESS_TO_RGB : PREPROCESS_TO_GREY,
                                     spec_.width_px,
                                     spec_.height_px};
  return StatusOf(
      preprocess_run(&job, frame.data, frame.size_bytes, workspace_, workspace_bytes_, tensor_, tensor_bytes_));
}

}  // namespace linegate
