"""Figures of single pictures and of pairs: light, sharpness, size, likeness."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np

ALIKE_LEVELS = 3.0
"""Two 16 x 16 thumbnails closer than this (root mean square, of 255) are called near-duplicates."""


def _grey(picture: np.ndarray) -> np.ndarray:
    """(H, W, 3 or 1) uint8 to (H, W) uint8."""
    return picture[..., 0] if picture.shape[2] == 1 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)


def brightness(x: np.ndarray) -> np.ndarray:
    """The mean grey level 0..255 of each picture of x (N, H, W, C) uint8, (N,)."""
    return np.array([_grey(picture).mean() for picture in x])


def sharpness(x: np.ndarray) -> np.ndarray:
    """The variance of the Laplacian of each picture of x (N, H, W, C) uint8, (N,); low is blurred or flat."""
    return np.array([cv2.Laplacian(_grey(picture), cv2.CV_32F).var() for picture in x])


def file_sizes(folder: str, files: np.ndarray) -> dict[str, int]:
    """How many files have each size, as {"width x height": count}, most frequent first."""
    count = Counter()
    for file in files:
        height, width = cv2.imread(str(Path(folder) / str(file)), cv2.IMREAD_UNCHANGED).shape[:2]
        count[f"{width} x {height}"] += 1
    return dict(count.most_common())


def near_duplicates(data, limit: int = 40) -> list[dict]:
    """The most alike pairs of files in different groups, closest first: {files, groups, classes, levels}.

    `levels` is the root mean square difference of 16 x 16 thumbnails. A turned or mirrored copy is not found.
    """
    small = np.stack([cv2.resize(picture, (16, 16), interpolation=cv2.INTER_AREA).ravel() for picture in data.x])
    small = small.astype(np.float32)
    square = (small**2).sum(axis=1)
    _, group = np.unique(data.groups, return_inverse=True)
    pairs = []
    for first in range(0, len(small), 512):
        rows = slice(first, first + 512)
        gap = np.maximum(square[rows, None] + square[None] - 2 * small[rows] @ small.T, 0) / small.shape[1]
        gap[group[rows, None] == group[None]] = np.inf
        gap[np.arange(len(small))[rows, None] > np.arange(len(small))[None]] = np.inf
        closest = np.argpartition(gap, min(limit, gap.size - 1), axis=None)[:limit]
        pairs += [(float(gap[i, j]) ** 0.5, first + int(i), int(j)) for i, j in zip(*np.unravel_index(closest, gap.shape))]
    return [_pair(data, *row) for row in sorted(pairs)[:limit] if row[0] < ALIKE_LEVELS]


def _pair(data, levels: float, a: int, b: int) -> dict:
    both = [a, b]
    return {"files": [str(data.files[i]) for i in both], "groups": [str(data.groups[i]) for i in both],
            "classes": [data.classes[data.y[i]] for i in both], "levels": levels}
