// TensorFlow Lite Micro's interpreter with the generated model.
// Threads: the station task alone. The arena is the caller's, aligned to 16 bytes, for the life of the object.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "linegate/classifier.h"
#include "resolver.h"
#include "tensorflow/lite/micro/micro_interpreter.h"

namespace linegate {

class TflmClassifier final : public Classifier {
 public:
  TflmClassifier(uint8_t* arena, size_t arena_bytes) : arena_(arena), arena_bytes_(arena_bytes) {}

  Status Open() override;
  Status Classify(const uint8_t* pixels, size_t pixel_bytes, int8_t* scores, size_t label_count) override;
  size_t ArenaUsedBytes() override;

 private:
  // Whether the model that was loaded has the input and output that model.h tells of.
  bool FitsHeader() const;

  uint8_t* arena_;
  size_t arena_bytes_;
  model::OpResolver resolver_;
  // Made in storage_ by Open, for a model is known only then; lives as long as the program.
  tflite::MicroInterpreter* interpreter_ = nullptr;
  alignas(tflite::MicroInterpreter) unsigned char storage_[sizeof(tflite::MicroInterpreter)] = {};
};

}  // namespace linegate
