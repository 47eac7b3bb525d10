"""Random changes to a batch of pictures: place, light, colour, noise, blur, holes."""

import cv2
import numpy as np


def augment_batch(x: np.ndarray, spec: dict, random: np.random.Generator) -> np.ndarray:
    """`x` (B, H, W, C) uint8 to float32 (B, H, W, C) in 0..1, changed at random by `spec`.

    rotate: degrees either way; scale, stretch: fraction either way; shift: fraction of the side;
    flip_h, flip_v: true for a coin toss; brightness, contrast, saturation, cast: fraction either way;
    gamma: exponent e**±gamma; noise: standard deviation (of 1); blur: highest sigma in px;
    cutout: highest side as a fraction; border: fill value 0..255, or -1 to repeat the edge.
    """
    out = np.stack([_place(picture, spec, random) for picture in x])
    return _light(out.astype(np.float32) / 255.0, spec, random)


def _place(picture: np.ndarray, spec: dict, random: np.random.Generator) -> np.ndarray:
    """One picture (H, W, C) uint8: flip, rotate, scale, shift, blur."""
    if spec.get("flip_h") and random.random() < 0.5:
        picture = picture[:, ::-1]
    if spec.get("flip_v") and random.random() < 0.5:
        picture = picture[::-1]
    shape = picture.shape
    picture = np.ascontiguousarray(picture)
    if any(spec.get(k) for k in ("rotate", "scale", "shift", "stretch")):
        border = spec.get("border", -1)
        mode = cv2.BORDER_REPLICATE if border < 0 else cv2.BORDER_CONSTANT
        picture = cv2.warpAffine(
            picture, _affine(shape, spec, random), (shape[1], shape[0]),
            flags=cv2.INTER_LINEAR, borderMode=mode, borderValue=(max(border, 0),) * 3,
        )
    if spec.get("blur") and random.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.3 + random.random() * spec["blur"])
    return picture.reshape(shape)


def _affine(shape: tuple, spec: dict, random: np.random.Generator) -> np.ndarray:
    """A 2 x 3 matrix about the picture's centre."""
    height, width = shape[:2]
    angle = np.deg2rad(random.uniform(-1, 1) * spec.get("rotate", 0))
    scale = np.exp(random.uniform(-1, 1) * spec.get("scale", 0))
    stretch = np.exp(random.uniform(-1, 1) * spec.get("stretch", 0) / 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.diag([stretch, 1 / stretch])
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    shift = random.uniform(-1, 1, 2) * spec.get("shift", 0) * np.array([width, height])
    return np.column_stack([linear, centre + shift - linear @ centre])


def _light(x: np.ndarray, spec: dict, random: np.random.Generator) -> np.ndarray:
    """A batch (B, H, W, C) in 0..1: light, colour, noise and holes, each picture with its own draw."""
    batch, height, width, channels = x.shape

    def draw(name: str, *shape: int) -> np.ndarray:
        return (random.uniform(-1, 1, shape or (batch, 1, 1, 1)) * spec.get(name, 0)).astype(np.float32)

    if spec.get("gamma"):
        x = np.power(x, np.exp(draw("gamma")))
    if spec.get("saturation") and channels == 3:
        grey = x.mean(axis=3, keepdims=True)
        x = grey + (x - grey) * (1 + draw("saturation"))
    if spec.get("contrast"):
        mean = x.mean(axis=(1, 2), keepdims=True)
        x = mean + (x - mean) * (1 + draw("contrast"))
    x = x * (1 + draw("brightness")) * (1 + draw("cast", batch, 1, 1, channels))
    if spec.get("noise"):
        level = random.random((batch, 1, 1, 1), dtype=np.float32) * spec["noise"]
        x = x + level * random.standard_normal(x.shape, dtype=np.float32)
    if spec.get("cutout"):
        _cut(x, spec["cutout"], random)
    return np.clip(x, 0, 1)


def _cut(x: np.ndarray, side: float, random: np.random.Generator) -> None:
    """Writes a flat rectangle into half of the pictures, in place."""
    height, width = x.shape[1:3]
    for picture in x:
        if random.random() < 0.5:
            continue
        h, w = (max(1, int(random.random() * side * s)) for s in (height, width))
        top, left = random.integers(0, height - h + 1), random.integers(0, width - w + 1)
        picture[top : top + h, left : left + w] = random.random()
