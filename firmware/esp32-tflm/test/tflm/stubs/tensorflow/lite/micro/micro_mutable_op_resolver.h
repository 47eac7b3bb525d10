#pragma once

#include "tensorflow/lite/c/common.h"
#include "tensorflow/lite/micro/micro_interpreter.h"

namespace tflite {

// Refuses one operator more than it has room for, and keeps their names.
template <unsigned int tOpCount>
class MicroMutableOpResolver : public MicroOpResolver {
 public:
  TfLiteStatus AddAdd() { return Take("AddAdd"); }
  TfLiteStatus AddAveragePool2D() { return Take("AddAveragePool2D"); }
  TfLiteStatus AddConcatenation() { return Take("AddConcatenation"); }
  TfLiteStatus AddConv2D() { return Take("AddConv2D"); }
  TfLiteStatus AddDepthwiseConv2D() { return Take("AddDepthwiseConv2D"); }
  TfLiteStatus AddFullyConnected() { return Take("AddFullyConnected"); }
  TfLiteStatus AddHardSwish() { return Take("AddHardSwish"); }
  TfLiteStatus AddLogistic() { return Take("AddLogistic"); }
  TfLiteStatus AddMaxPool2D() { return Take("AddMaxPool2D"); }
  TfLiteStatus AddMul() { return Take("AddMul"); }
  TfLiteStatus AddPad() { return Take("AddPad"); }
  TfLiteStatus AddPadV2() { return Take("AddPadV2"); }
  TfLiteStatus AddQuantize() { return Take("AddQuantize"); }
  TfLiteStatus AddRelu() { return Take("AddRelu"); }
  TfLiteStatus AddRelu6() { return Take("AddRelu6"); }
  TfLiteStatus AddReshape() { return Take("AddReshape"); }
  TfLiteStatus AddResizeNearestNeighbor() { return Take("AddResizeNearestNeighbor"); }
  TfLiteStatus AddSoftmax() { return Take("AddSoftmax"); }
  TfLiteStatus AddTransposeConv() { return Take("AddTransposeConv"); }
  unsigned taken() const override { return taken_; }
  const char* name(unsigned index) const { return names_[index]; }

 private:
  TfLiteStatus Take(const char* name) {
    if (taken_ == tOpCount) return kTfLiteError;
    names_[taken_++] = name;
    return kTfLiteOk;
  }

  unsigned taken_ = 0;
  const char* names_[tOpCount] = {};
};

}  // namespace tflite
