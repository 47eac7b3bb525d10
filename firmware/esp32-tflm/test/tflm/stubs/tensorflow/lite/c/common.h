// As much of TensorFlow Lite Micro's interface as the firmware uses, for builds without its sources. Names, types and
// order of arguments are those of tflite-micro; what runs behind them is test/tflm/interpreter.cc.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef enum TfLiteStatus { kTfLiteOk = 0, kTfLiteError = 1 } TfLiteStatus;
typedef enum { kTfLiteNoType = 0, kTfLiteFloat32 = 1, kTfLiteInt8 = 9 } TfLiteType;

typedef union TfLitePtrUnion {
  float* f;
  int8_t* int8;
} TfLitePtrUnion;

typedef struct TfLiteTensor {
  TfLiteType type;
  TfLitePtrUnion data;
  size_t bytes;
} TfLiteTensor;
