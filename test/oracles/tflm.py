"""Runs a .tflite file in TensorFlow Lite Micro's own interpreter: a development tool, never part of the product.

Usage: tflm.py MODEL.tflite INPUTS.bin OUTPUTS.bin OUTPUT_COUNT ARENA_BYTES
INPUTS.bin holds int8 tensors one after the other; OUTPUTS.bin gets all outputs of each, in the model's order. The
interpreter's record of its arena goes to stderr.
"""
import sys

import numpy as np
from tflite_micro.python.tflite_micro import runtime

model, inputs, outputs, count, arena = sys.argv[1:6]
interpreter = runtime.Interpreter.from_file(model, arena_size=int(arena))
shape = interpreter.get_input_details(0)["shape"]
with open(outputs, "wb") as file:
    for one in np.fromfile(inputs, dtype=np.int8).reshape(-1, *shape):
        interpreter.set_input(np.ascontiguousarray(one), 0)
        interpreter.invoke()
        for index in range(int(count)):
            file.write(interpreter.get_output(index).tobytes())
interpreter.print_allocations()
