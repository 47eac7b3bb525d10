"""Random changes to a batch of pictures: place, light, colour, noise, blur, holes."""

import cv2
import numpy as np

from .colour import foreground

cv2.setNumThreads(1)
# Drawn once: a slice at a random place is noise enough, and far cheaper than fresh draws.
NOISE = np.random.default_rng(7).standard_normal(2_000_000).astype(np.float32)


def augment_batch(x: np.ndarray, spec: dict, random: np.random.Generator) -> np.ndarray:
    """`x` (B, H, W, C) uint8 to float32 (B, H, W, C) in 0..1, changed at random by `spec`.

    rotate: degrees either way; scale, stretch: fraction either way; shift: fraction of the side;
    flip_h, flip_v: true for a coin toss; brightness, contrast, saturation, cast: fraction either way;
    gradient: share of the light lost or won from edge to edge, in each direction;
    gamma: exponent e**±gamma; noise: standard deviation (of 1); blur: highest sigma in px;
    object_shift: levels of 255 either way on the object alone, in object_shift_share (0.5) of the pictures;
    cutout: highest side as a fraction; border: fill value 0..255, or -1 to repeat the edge.
    """
    out = np.stack([_light(_place(picture, spec, random), spec, random) for picture in x])
    return np.clip(out, 0, 1, out=out)


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


def _light(picture: np.ndarray, spec: dict, random: np.random.Generator) -> np.ndarray:
    """One picture (H, W, C) uint8 to float32 in about 0..1: light, colour, noise and a hole."""

    def draw(name: str, *shape: int) -> np.ndarray:
        return random.uniform(-1, 1, shape or (1,)) * spec.get(name, 0)

    channels = picture.shape[2]
    if spec.get("object_shift") and random.random() < spec.get("object_shift_share", 0.5):
        picture = _shift_object(picture, random.uniform(-1, 1, channels) * spec["object_shift"])
    curve = np.power(np.linspace(0, 1, 256), np.exp(draw("gamma")))[:, None]
    curve = curve * (1 + draw("brightness")) * (1 + draw("cast", channels))
    x = cv2.LUT(picture, curve.astype(np.float32)[:, None, :]).reshape(picture.shape)
    contrast, saturation = 1 + draw("contrast")[0], 1 + draw("saturation")[0]
    mean = x.mean(axis=(0, 1))
    mix = contrast * (saturation * np.eye(channels) + (1 - saturation) / channels)
    x = cv2.transform(x, np.column_stack([mix, (1 - contrast) * mean]).astype(np.float32)).reshape(picture.shape)
    if spec.get("gradient"):
        x = x * _slope(x.shape, draw("gradient", 2))
    if spec.get("noise"):
        first = random.integers(0, len(NOISE) - x.size)
        x = x + np.float32(random.random() * spec["noise"]) * NOISE[first : first + x.size].reshape(x.shape)
    if spec.get("cutout") and random.random() < 0.5:
        _cut(x, spec["cutout"], random)
    return x


def _slope(shape: tuple, tilt: np.ndarray) -> np.ndarray:
    """A plane of light (H, W, 1) float32, 1 in the middle, that changes by `tilt` (y, x) from edge to edge."""
    down, across = (np.linspace(-0.5, 0.5, side, dtype=np.float32) for side in shape[:2])
    return (1 + np.float32(tilt[0]) * down[:, None] + np.float32(tilt[1]) * across[None])[..., None]


def _shift_object(picture: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Adds `levels` (C,) of 255 to what differs from the corner's colour: the ground tells nothing of the shift."""
    mask = foreground(picture)[..., None]
    return np.clip(picture + mask * levels, 0, 255).astype(np.uint8)


def _cut(x: np.ndarray, side: float, random: np.random.Generator) -> None:
    """Writes a flat rectangle into x (H, W, C), in place."""
    h, w = (max(1, int(random.random() * side * s)) for s in x.shape[:2])
    top, left = random.integers(0, x.shape[0] - h + 1), random.integers(0, x.shape[1] - w + 1)
    x[top : top + h, left : left + w] = random.random()
