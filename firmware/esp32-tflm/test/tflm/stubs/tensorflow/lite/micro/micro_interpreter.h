#pragma once

#include "tensorflow/lite/c/common.h"
#include "tensorflow/lite/schema/schema_generated.h"

namespace tflite {

class MicroOpResolver {
 public:
  virtual unsigned taken() const = 0;

 protected:
  ~MicroOpResolver() = default;
};

class MicroInterpreter {
 public:
  MicroInterpreter(const Model* model, const MicroOpResolver& op_resolver, uint8_t* tensor_arena,
                   size_t tensor_arena_size);
  TfLiteStatus AllocateTensors();
  TfLiteStatus Invoke();
  TfLiteTensor* input(size_t index);
  TfLiteTensor* output(size_t index);
  size_t arena_used_bytes() const;

 private:
  const MicroOpResolver& resolver_;
  uint8_t* arena_;
  size_t arena_bytes_;
  TfLiteTensor input_;
  TfLiteTensor output_;
};

}  // namespace tflite
