"""Quantises a float ONNX model with onnxruntime.quantization.quantize_static.

Usage: onnxruntime_static.py MODEL.onnx PICTURES.npy SCALE ZERO SETTING OUT
PICTURES.npy is uint8 [count, height, width, channels]; the model takes (pixel - ZERO) * SCALE, channels first. OUT/model.onnx is
written; one line of JSON says what was used: {versions, peakMb}.
"""

import json
import os
import re
import sys

import numpy as np
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

SETTINGS = {
    "u8 min-max per channel": {"per_channel": True},
    "u8 min-max per tensor": {"per_channel": False},
    "u8 percentile 99.99 per channel": {
        "per_channel": True,
        "calibrate_method": CalibrationMethod.Percentile,
        "extra_options": {"CalibPercentile": 99.99, "CalibTensorRangeSymmetric": False},
    },
    "u8 entropy per channel": {"per_channel": True, "calibrate_method": CalibrationMethod.Entropy},
    "u8 moving average per channel": {"per_channel": True, "extra_options": {"CalibMovingAverage": True}},
    "s8 min-max per channel": {"per_channel": True, "activation_type": QuantType.QInt8},
}

model, pictures, scale, zero, setting, out = sys.argv[1:]


class Pictures(CalibrationDataReader):
    def __init__(self, name):
        values = (np.load(pictures).transpose(0, 3, 1, 2).astype(np.float32) - float(zero)) * np.float32(scale)
        self.feeds = iter([{name: np.ascontiguousarray(one[None])} for one in values])

    def get_next(self):
        return next(self.feeds, None)


def peak_mb():
    return int(re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read()).group(1)) * 1024 / 1e6


session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
prepared = os.path.join(out, "prepared.onnx")
quant_pre_process(model, prepared)
options = {"activation_type": QuantType.QUInt8, **SETTINGS[setting]}
quantize_static(
    prepared,
    os.path.join(out, "model.onnx"),
    Pictures(name),
    quant_format=QuantFormat.QDQ,
    weight_type=QuantType.QInt8,
    **options,
)
print(json.dumps({"versions": {"onnxruntime": onnxruntime.__version__}, "peakMb": round(peak_mb(), 1)}))
