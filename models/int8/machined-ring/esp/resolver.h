// The model "machined-ring", version 1. Made by `linegate quantize`; do not edit.
#pragma once

#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"

namespace linegate::model {

using OpResolver = tflite::MicroMutableOpResolver<6>;

// Registers the operators of the model; call it once. An error means that the resolver was not empty.
inline TfLiteStatus AddOperators(OpResolver& resolver) {
  if (resolver.AddAdd() != kTfLiteOk) return kTfLiteError;
  if (resolver.AddAveragePool2D() != kTfLiteOk) return kTfLiteError;
  if (resolver.AddConv2D() != kTfLiteOk) return kTfLiteError;
  if (resolver.AddFullyConnected() != kTfLiteOk) return kTfLiteError;
  if (resolver.AddReshape() != kTfLiteOk) return kTfLiteError;
  if (resolver.AddSoftmax() != kTfLiteOk) return kTfLiteError;
  return kTfLiteOk;
}

}  // namespace linegate::model
