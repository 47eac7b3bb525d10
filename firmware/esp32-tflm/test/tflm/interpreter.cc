// An interpreter that knows nothing but the golden vectors: it answers one of their inputs with its scores, and
// anything else with zeros. That the scores are right is shown by the real interpreter (test/firmware/model); here it
// is about what the classifier does around it.
#include <string.h>

#include "model.h"
#include "tensorflow/lite/micro/micro_interpreter.h"

namespace model = linegate::model;

namespace tflite {

unsigned Model::version() const { return TFLITE_SCHEMA_VERSION; }

const Model* GetModel(const void* buf) { return static_cast<const Model*>(buf); }

MicroInterpreter::MicroInterpreter(const Model*, const MicroOpResolver& op_resolver, uint8_t* tensor_arena,
                                   size_t tensor_arena_size)
    : resolver_(op_resolver), arena_(tensor_arena), arena_bytes_(tensor_arena_size), input_{}, output_{} {}

TfLiteStatus MicroInterpreter::AllocateTensors() {
  if (arena_used_bytes() > arena_bytes_ || resolver_.taken() == 0) return kTfLiteError;
  input_ = {kTfLiteInt8, {}, model::kInputBytes};
  output_ = {kTfLiteInt8, {}, model::kLabelCount};
  input_.data.int8 = reinterpret_cast<int8_t*>(arena_);
  output_.data.int8 = input_.data.int8 + model::kInputBytes;
  return kTfLiteOk;
}

TfLiteStatus MicroInterpreter::Invoke() {
  memset(output_.data.int8, 0, model::kLabelCount);
  for (const model::GoldenVector& vector : model::kGolden) {
    bool same = true;
    for (size_t i = 0; i < model::kInputBytes; i++) same = same && input_.data.int8[i] == vector.pixels[i] - 128;
    if (same) memcpy(output_.data.int8, vector.scores, model::kLabelCount);
  }
  // As the real one, it uses the input's memory for other tensors.
  memset(input_.data.int8, 0x55, model::kInputBytes);
  return kTfLiteOk;
}

TfLiteTensor* MicroInterpreter::input(size_t) { return &input_; }
TfLiteTensor* MicroInterpreter::output(size_t) { return &output_; }
size_t MicroInterpreter::arena_used_bytes() const { return model::kInputBytes + model::kLabelCount; }

}  // namespace tflite
