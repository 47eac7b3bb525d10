"""Builds the network from the config's list of stages; only layers that the exporter knows."""

import keras
from keras import layers


def build_model(shape: tuple[int, int, int], classes: int, spec: dict) -> keras.Model:
    """A Keras model: input (H, W, C) float in 0..1, output (classes,) logits.

    Each stage is {kind: conv|res|sep|inv, channels, stride, repeat, expand}. The first block of a
    stage takes the stride; later ones keep the shape and add their input back.
    """
    inputs = keras.Input(shape=shape, name="image")
    x = _conv(inputs, spec["stem"], 3, spec["stem_stride"], "relu")
    for stage in spec["stages"]:
        for number in range(stage.get("repeat", 1)):
            x = BLOCKS[stage["kind"]](x, stage, stage.get("stride", 1) if number == 0 else 1)
    if spec.get("head"):
        x = _conv(x, spec["head"], 1, 1, "relu")
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(spec["dropout"])(x)
    return keras.Model(inputs, layers.Dense(classes, name="logits")(x))


def _conv(x, channels: int, kernel: int, stride: int, act: str | None):
    x = layers.Conv2D(channels, kernel, stride, "same", use_bias=False, kernel_initializer="he_normal")(x)
    return _norm(x, act)


def _depthwise(x, stride: int, act: str | None, kernel: int = 3):
    x = layers.DepthwiseConv2D(kernel, stride, "same", use_bias=False, depthwise_initializer="he_normal")(x)
    return _norm(x, act)


def _norm(x, act: str | None, gamma: str = "ones"):
    x = layers.BatchNormalization(momentum=0.95, epsilon=1e-3, gamma_initializer=gamma)(x)
    return layers.ReLU()(x) if act else x


def conv_block(x, stage: dict, stride: int):
    """One 3x3 convolution."""
    return _conv(x, stage["channels"], stage.get("kernel", 3), stride, "relu")


def sep_block(x, stage: dict, stride: int):
    """Depthwise 3x3, then 1x1; adds its input back when the shape is kept."""
    y = _depthwise(x, stride, "relu", stage.get("kernel", 3))
    y = _conv(y, stage["channels"], 1, 1, None)
    return layers.ReLU()(_added(x, y, stride))


def inverted_block(x, stage: dict, stride: int):
    """1x1 up by `expand`, depthwise 3x3, 1x1 down; adds its input back when the shape is kept."""
    y = _conv(x, x.shape[-1] * stage.get("expand", 4), 1, 1, "relu")
    y = _depthwise(y, stride, "relu", stage.get("kernel", 3))
    y = _conv(y, stage["channels"], 1, 1, None)
    return _added(x, y, stride)


def residual_block(x, stage: dict, stride: int):
    """3x3, 3x3, with a 1x1 path round them where the shape changes."""
    y = _conv(x, stage["channels"], 3, stride, "relu")
    y = _conv(y, stage["channels"], 3, 1, None)
    if stride != 1 or x.shape[-1] != stage["channels"]:
        if stride == 2:
            x = layers.AveragePooling2D(2, 2, "same")(x)
        x = _conv(x, stage["channels"], 1, 1, None)
    return layers.ReLU()(layers.Add()([x, y]))


def _added(x, y, stride: int):
    same = stride == 1 and x.shape[-1] == y.shape[-1]
    return layers.Add()([x, y]) if same else y


BLOCKS = {"conv": conv_block, "sep": sep_block, "inv": inverted_block, "res": residual_block}
