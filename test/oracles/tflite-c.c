// Runs a .tflite file in TensorFlow Lite's C library: a development tool, never part of the product.
// Usage: tflite-c MODEL INPUTS.bin OUTPUTS.bin. INPUTS.bin holds, picture by picture, all int8 inputs one after the other.
#include <stdio.h>
#include <stdlib.h>

#include "tensorflow/lite/c/c_api.h"

// Copies one input from `from`; 0 at the end of the file.
static int read_input(TfLiteTensor* tensor, FILE* from) {
  const size_t size = TfLiteTensorByteSize(tensor);
  void* data = malloc(size);
  const int whole = data != NULL && fread(data, 1, size, from) == size;
  const int copied = whole && TfLiteTensorCopyFromBuffer(tensor, data, size) == kTfLiteOk;
  free(data);
  return copied;
}

static int write_output(const TfLiteTensor* tensor, FILE* to) {
  const size_t size = TfLiteTensorByteSize(tensor);
  return fwrite(TfLiteTensorData(tensor), 1, size, to) == size;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  TfLiteModel* model = TfLiteModelCreateFromFile(argv[1]);
  FILE* from = fopen(argv[2], "rb");
  FILE* to = fopen(argv[3], "wb");
  if (model == NULL || from == NULL || to == NULL) return 2;
  TfLiteInterpreterOptions* options = TfLiteInterpreterOptionsCreate();
  TfLiteInterpreterOptionsSetNumThreads(options, 1);
  TfLiteInterpreter* interpreter = TfLiteInterpreterCreate(model, options);
  if (interpreter == NULL || TfLiteInterpreterAllocateTensors(interpreter) != kTfLiteOk) return 1;
  for (;;) {
    for (int i = 0; i < TfLiteInterpreterGetInputTensorCount(interpreter); ++i) {
      if (!read_input(TfLiteInterpreterGetInputTensor(interpreter, i), from)) return fclose(to) == 0 && i == 0 ? 0 : 1;
    }
    if (TfLiteInterpreterInvoke(interpreter) != kTfLiteOk) return 1;
    for (int i = 0; i < TfLiteInterpreterGetOutputTensorCount(interpreter); ++i) {
      if (!write_output(TfLiteInterpreterGetOutputTensor(interpreter, i), to)) return 1;
    }
  }
}
