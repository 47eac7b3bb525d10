"""Reads one product's YAML config and fills in the defaults."""

from pathlib import Path

import yaml

DEFAULTS = {
    "seed": 1,
    "data": {"folds": 5, "test_share": 0.15, "merge": {}, "order": []},
    "preprocess": {"colour": "rgb", "width": 96, "height": 96, "crop": {"width": 1.0, "height": 1.0}},
    "model": {"stem": 16, "stem_stride": 2, "stages": [], "dropout": 0.2},
    "train": {
        "epochs": 60,
        "patience": 20,
        "batch": 64,
        "lr": 0.003,
        "weight_decay": 0.02,
        "warmup_epochs": 2,
        "label_smoothing": 0.1,
        "mixup": 0.0,
        "ema": 0.998,
        "balance": 1.0,
        "adjust": 0.0,
        "seeds": [1],
        "pretrain": "",
    },
    "augment": {},
    "search": {
        "trials": 12,
        "epochs": 10,
        "share": 1.0,
        "max_bytes": 280_000,  # of the 300 kB of a whole file
        "max_macs": 40_000_000,
        "resolutions": [],  # [width, height] pairs; none: the size in preprocess
        "stems": [8, 16, 24],
        "depth": [2, 3, 4],
        "channels": [16, 24, 32, 48, 64, 80, 96],
        "kinds": ["conv", "res", "sep"],
        "repeats": [1, 2],
    },
    "metrics": {"ok_class": "", "ok_bias": False, "mean_colour_out": False, "baseline": False},
}


def merged(base: dict, over: dict) -> dict:
    """`base` with `over` laid on top, key by key; neither is changed."""
    out = dict(base)
    for key, value in (over or {}).items():
        both_dicts = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both_dicts else value
    return out


def load_config(path: str, overrides: list[str] = ()) -> dict:
    """Reads `path`; `overrides` are "train.epochs=10" strings from the command line.

    Raises ValueError for a top-level key that no code reads, so that a typo is not silent.
    """
    text = yaml.safe_load(Path(path).read_text()) or {}
    unknown = set(text) - set(DEFAULTS) - {"name"}
    if unknown:
        raise ValueError(f"{path}: unknown key(s) {sorted(unknown)}; known: name, {', '.join(DEFAULTS)}")
    config = merged(DEFAULTS, text)
    config.setdefault("name", Path(path).stem)
    for item in overrides:
        _set(config, *item.split("=", 1))
    return config


def _set(config: dict, dotted: str, value: str) -> None:
    *parents, last = dotted.split(".")
    for key in parents:
        config = config.setdefault(key, {})
    config[last] = yaml.safe_load(value)
