"""A trained Keras model to float ONNX: batch norm folded, channels first, softmax at the end."""

import keras
import numpy as np
import onnx
import onnxruntime
from keras import layers
from onnx import TensorProto, helper, numpy_helper

OPSET = 13


class _Graph:
    """Collects nodes and weights, and gives each a name of its own."""

    def __init__(self):
        self.nodes, self.weights, self.count = [], [], {}

    def add(self, op: str, inputs: list[str], output: str = "", **attributes) -> str:
        number = self.count[op] = self.count.get(op, 0) + 1
        name = f"{op.lower()}_{number}"
        output = output or f"{name}_out"
        self.nodes.append(helper.make_node(op, inputs, [output], name=name, **attributes))
        return output

    def weight(self, name: str, value: np.ndarray) -> str:
        name = f"{name}_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name))
        return name


def to_onnx(model: keras.Model, name: str) -> onnx.ModelProto:
    """Input "image" (1, C, H, W) float32 = uint8 / 255; output "scores" (1, K), softmax."""
    height, width, channels = model.input_shape[1:]
    graph = _Graph()
    value = {model.inputs[0].name: "image"}
    for layer in model.layers:
        if not isinstance(layer, layers.InputLayer):
            _emit(graph, layer, value)
    graph.add("Softmax", [value[model.outputs[0].name]], "scores", axis=-1)
    proto = helper.make_graph(
        graph.nodes, name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, channels, height, width])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, model.output_shape[-1]])],
        graph.weights,
    )
    made = helper.make_model(proto, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="linegate-train")
    made.ir_version = 8
    onnx.checker.check_model(made)
    return onnx.shape_inference.infer_shapes(made)


def _emit(graph: _Graph, layer: keras.layers.Layer, value: dict) -> None:
    """Writes one layer; a batch norm was folded with the convolution before it."""
    tensors = layer.input if isinstance(layer.input, list) else [layer.input]
    inputs = [value[tensor.name] for tensor in tensors]
    if isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D)):
        out = _convolution(graph, layer, inputs[0])
    elif isinstance(layer, (layers.BatchNormalization, layers.Dropout)):
        out = inputs[0]
    elif isinstance(layer, layers.ReLU):
        out = graph.add("Relu", inputs)
    elif isinstance(layer, layers.Add):
        out = graph.add("Add", inputs)
    elif isinstance(layer, layers.AveragePooling2D):
        out = graph.add("AveragePool", inputs, kernel_shape=[2, 2], strides=[2, 2], pads=_pads(layer.input.shape, 2, 2))
    elif isinstance(layer, layers.GlobalAveragePooling2D):
        out = graph.add("Flatten", [graph.add("GlobalAveragePool", inputs)], axis=1)
    elif isinstance(layer, layers.Dense):
        kernel, bias = layer.get_weights()
        out = graph.add("Gemm", [*inputs, graph.weight("dense_w", kernel.T), graph.weight("dense_b", bias)], transB=1)
    else:
        raise TypeError(f"layer {layer.name}: {type(layer).__name__} has no ONNX form here")
    value[layer.output.name] = out


def _convolution(graph: _Graph, layer, data: str) -> str:
    norm = layer._outbound_nodes[0].operation
    if not isinstance(norm, layers.BatchNormalization) or layer.use_bias:
        raise TypeError(f"layer {layer.name}: a convolution without bias, with a batch norm after it, is needed")
    gamma, beta, mean, variance = norm.get_weights()
    scale = gamma / np.sqrt(variance + norm.epsilon)
    kernel = layer.get_weights()[0]
    depthwise = isinstance(layer, layers.DepthwiseConv2D)
    # Keras keeps (h, w, in, out) and, depthwise, (h, w, channels, 1); ONNX wants (out, in/group, h, w).
    kernel = np.transpose(kernel, (2, 3, 0, 1) if depthwise else (3, 2, 0, 1)) * scale[:, None, None, None]
    stride = layer.strides[0]
    weights = [graph.weight("conv_w", kernel), graph.weight("conv_b", beta - mean * scale)]
    size = layer.kernel_size[0]
    return graph.add(
        "Conv", [data, *weights], kernel_shape=[size, size], strides=[stride, stride],
        pads=_pads(layer.input.shape, size, stride), group=kernel.shape[0] if depthwise else 1,
    )


def _pads(shape: tuple, kernel: int, stride: int) -> list[int]:
    """SAME padding as ONNX [top, left, bottom, right] for an input (N, H, W, C)."""
    total = [max(0, (-(-side // stride) - 1) * stride + kernel - side) for side in shape[1:3]]
    return [total[0] // 2, total[1] // 2, total[0] - total[0] // 2, total[1] - total[1] // 2]


def check_onnx(path: str, model: keras.Model, x: np.ndarray) -> float:
    """The largest difference of a score between the file and the Keras model, over x (N, H, W, C) uint8."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    pictures = x.astype(np.float32) / 255.0
    want = keras.ops.convert_to_numpy(keras.ops.softmax(model(pictures, training=False)))
    got = [session.run(None, {"image": p.transpose(2, 0, 1)[None]})[0][0] for p in pictures]
    return float(np.abs(np.stack(got) - want).max())
