#include "linegate/tflm_classifier.h"

#include <string.h>

#include <new>

#include "model.h"
#include "tensorflow/lite/schema/schema_generated.h"

namespace linegate {

Status TflmClassifier::Open() {
  if (interpreter_ != nullptr) return Status::kOk;
  const tflite::Model* loaded = tflite::GetModel(model::kData);
  if (loaded->version() != TFLITE_SCHEMA_VERSION) return Status::kBadConfig;
  if (model::AddOperators(resolver_) != kTfLiteOk) return Status::kBadConfig;
  auto* interpreter = new (storage_) tflite::MicroInterpreter(loaded, resolver_, arena_, arena_bytes_);
  if (interpreter->AllocateTensors() != kTfLiteOk) return Status::kBadConfig;
  interpreter_ = interpreter;
  if (FitsHeader()) return Status::kOk;
  interpreter_ = nullptr;
  return Status::kBadConfig;
}

bool TflmClassifier::FitsHeader() const {
  const TfLiteTensor* input = interpreter_->input(0);
  const TfLiteTensor* output = interpreter_->output(0);
  return input->type == kTfLiteInt8 && input->bytes == model::kInputBytes && output->type == kTfLiteInt8 &&
         output->bytes == model::kLabelCount;
}

Status TflmClassifier::Classify(const uint8_t* pixels, size_t pixel_bytes, int8_t* scores, size_t label_count) {
  if (interpreter_ == nullptr) return Status::kUnavailable;
  if (pixel_bytes != model::kInputBytes || label_count != model::kLabelCount) return Status::kIllegalInput;
  // The interpreter uses the input's memory for other tensors: it is filled for each inference.
  int8_t* input = interpreter_->input(0)->data.int8;
  for (size_t i = 0; i < pixel_bytes; i++) input[i] = static_cast<int8_t>(pixels[i] + model::kInputOffset);
  if (interpreter_->Invoke() != kTfLiteOk) return Status::kDeviceFault;
  memcpy(scores, interpreter_->output(0)->data.int8, label_count);
  return Status::kOk;
}

size_t TflmClassifier::ArenaUsedBytes() { return interpreter_ == nullptr ? 0 : interpreter_->arena_used_bytes(); }

}  // namespace linegate
