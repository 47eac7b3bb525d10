"""Runs an int8 TFLite file in TensorFlow's own interpreter, reference of what its converter meant.

Usage: tflite_run.py MODEL.tflite PICTURES.npy SCALE ZERO OUTPUTS.f32
OUTPUTS.f32 gets the first output of each picture as float32.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

model, pictures, pixel_scale, pixel_zero, outputs = sys.argv[1:]
interpreter = tf.lite.Interpreter(model_path=model, num_threads=1)
interpreter.allocate_tensors()
[source] = interpreter.get_input_details()
result = interpreter.get_output_details()[0]
scale, zero = source["quantization"]
out_scale, out_zero = result["quantization"]
with open(outputs, "wb") as file:
    for one in (np.load(pictures).astype(np.float32) - float(pixel_zero)) * np.float32(pixel_scale):
        stored = np.clip(np.round(one / scale) + zero, -128, 127).astype(np.int8)
        interpreter.set_tensor(source["index"], stored[None])
        interpreter.invoke()
        numbers = interpreter.get_tensor(result["index"]).astype(np.float32)
        file.write(((numbers - out_zero) * out_scale).astype(np.float32).tobytes())
