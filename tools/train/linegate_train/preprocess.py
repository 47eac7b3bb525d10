"""Picture file to model input. The device does the same steps in the same order.

decode -> centred crop -> exact-area resize (bilinear when it enlarges) -> RGB or grey, uint8.
The model then takes x / 255 as float32, channels first.
"""

import cv2
import numpy as np


def preprocess_picture(bgr: np.ndarray, spec: dict) -> np.ndarray:
    """`bgr` (H, W, 3) uint8 to (height, width, 3 or 1) uint8 by `spec` {colour, width, height, crop}."""
    height, width = bgr.shape[:2]
    crop_w = max(1, round(width * spec["crop"]["width"]))
    crop_h = max(1, round(height * spec["crop"]["height"]))
    x, y = (width - crop_w) // 2, (height - crop_h) // 2
    part = bgr[y : y + crop_h, x : x + crop_w]
    size = (spec["width"], spec["height"])
    if size != (crop_w, crop_h):
        shrinks = size[0] <= crop_w and size[1] <= crop_h
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    if spec["colour"] == "grey":
        return cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)[..., None]
    return cv2.cvtColor(part, cv2.COLOR_BGR2RGB)


def load_picture(path: str, spec: dict) -> np.ndarray:
    """Reads and preprocesses one file. Raises OSError when it does not decode."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise OSError(f"{path} is not a picture that OpenCV decodes")
    return preprocess_picture(bgr, spec)
