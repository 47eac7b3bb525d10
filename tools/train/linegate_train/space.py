"""The architectures that a search may draw, and what one costs on a device."""

import keras
import numpy as np
from keras import layers

from .model import build_model


def cost(shape: tuple[int, int, int], classes: int, spec: dict) -> dict:
    """{bytes, macs} of the model `spec` for one picture of `shape` (H, W, C), as INT8 with batch norm folded.

    bytes: one for a weight and four for a bias, without the file's own overhead. macs: multiply-adds.
    """
    keras.backend.clear_session()
    size = macs = 0
    for layer in build_model(shape, classes, spec).layers:
        if not isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D, layers.Dense)):
            continue
        weights = int(np.prod(layer.kernel.shape))
        _, *place, channels = layer.output.shape
        size += weights + 4 * channels
        macs += weights * int(np.prod(place))
    return {"bytes": size, "macs": macs}


def draw(random: np.random.Generator, config: dict) -> dict:
    """One candidate {model, width, height} from the config's `search` lists; its cost is not looked at.

    Every stage but perhaps the first halves the picture; channels never fall from stage to stage.
    """
    space, own = config["search"], config["preprocess"]
    sizes = space["resolutions"] or [[own["width"], own["height"]]]
    width, height = (int(side) for side in sizes[random.integers(len(sizes))])
    depth = int(random.choice(space["depth"]))
    channels = sorted(int(c) for c in random.choice(space["channels"], depth))
    first = int(random.integers(1, 3))
    stages = [
        {"kind": str(random.choice(space["kinds"])), "channels": c, "stride": first if i == 0 else 2,
         "repeat": int(random.choice(space["repeats"]))}
        for i, c in enumerate(channels)
    ]
    model = config["model"] | {"stem": int(random.choice(space["stems"])), "stages": stages}
    return {"model": model, "width": width, "height": height}


def candidates(config: dict, channels: int, classes: int):
    """Yields different candidates with their {bytes, macs}, always in the same order for one seed.

    The first is the config's own model, whatever it costs; the others are within search.max_bytes and search.max_macs.
    """
    own, space = config["preprocess"], config["search"]
    first = {"model": config["model"], "width": own["width"], "height": own["height"]}
    yield first | cost((first["height"], first["width"], channels), classes, first["model"])
    random, seen, misses = np.random.default_rng([config["seed"], 77]), [first], 0
    while misses < 500:
        found = draw(random, config)
        price = cost((found["height"], found["width"], channels), classes, found["model"])
        if found in seen or price["bytes"] > space["max_bytes"] or price["macs"] > space["max_macs"]:
            misses += 1
            continue
        misses = 0
        seen.append(found)
        yield found | price


def described(model: dict) -> str:
    """A model on one line, such as "stem 16/2, conv 32/2, res 48/2 x 2"."""
    parts = [f"stem {model['stem']}/{model['stem_stride']}"]
    for stage in model["stages"]:
        repeat = stage.get("repeat", 1)
        parts.append(f"{stage['kind']} {stage['channels']}/{stage.get('stride', 1)}" + (f" x {repeat}" if repeat > 1 else ""))
    return ", ".join(parts)
