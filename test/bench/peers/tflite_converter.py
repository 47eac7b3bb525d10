"""Quantises a float ONNX model with onnx2tf and the TensorFlow Lite converter behind it.

Usage: tflite_converter.py MODEL.onnx PICTURES.npy SCALE ZERO SETTING OUT
PICTURES.npy is uint8 [count, height, width, channels]; the model takes (pixel - ZERO) * SCALE, channels first. OUT/model.tflite is
written, int8 in and out; one line of JSON says what was used: {versions, peakMb}. onnx2tf downloads a sample file for its trial
runs unless one lies in the working folder: OUT is made that folder and gets random numbers under its name.
"""

import json
import os
import re
import shutil
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import onnx
import onnx2tf
import tensorflow as tf

model, pictures, scale, zero, setting, out = sys.argv[1:]
model, pictures, out = (os.path.abspath(one) for one in (model, pictures, out))
values = (np.load(pictures).astype(np.float32) - float(zero)) * np.float32(scale)
saved = os.path.join(out, "saved")


os.chdir(out)
samples = np.random.default_rng(1).random((20, 128, 128, 3), np.float32)
np.save("calibration_image_sample_data_20x128x128x3_float32.npy", samples)


def peak_mb():
    return int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) * 1024 / 1e6


def by_onnx2tf(**options):
    data = os.path.join(out, "values.npy")
    np.save(data, values)
    name = onnx.load(model).graph.input[0].name
    onnx2tf.convert(
        custom_input_op_name_np_data_path=[[name, data, [[[[0.0]]]], [[[[1.0]]]]]],
        input_onnx_file_path=model,
        output_folder_path=saved,
        output_signaturedefs=True,
        non_verbose=True,
        **options,
    )


def write_converted():
    by_onnx2tf()
    converter = tf.lite.TFLiteConverter.from_saved_model(saved)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([one[None]] for one in values)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    with open(os.path.join(out, "model.tflite"), "wb") as file:
        file.write(converter.convert())


def write_onnx2tf(quant_type):
    by_onnx2tf(output_integer_quantized_tflite=True, quant_type=quant_type)
    stem = os.path.splitext(os.path.basename(model))[0]
    shutil.copy(os.path.join(saved, f"{stem}_full_integer_quant.tflite"), os.path.join(out, "model.tflite"))


if setting == "TensorFlow Lite converter":
    write_converted()
else:
    write_onnx2tf(setting.removeprefix("onnx2tf "))
versions = {"tensorflow": tf.__version__, "onnx2tf": onnx2tf.__version__}
print(json.dumps({"versions": versions, "peakMb": round(peak_mb(), 1)}))
