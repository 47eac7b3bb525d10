"""Scores an exported model on another folder: fresh parts, another light, another day."""

import json
from pathlib import Path

import numpy as np
import onnxruntime

from .data import load_dataset
from .score import ok_score_at, per_class, rounded, score_predictions


def score_folder(config: dict, data_folder: str, out: Path) -> None:
    """Runs <out>/<name>.onnx on every picture of `data_folder`; prints and writes <name>.on-<folder>.json."""
    name = config["name"]
    labels = json.loads((out / f"{name}.labels.json").read_text())
    data = load_dataset(data_folder, config, out.parent / "cache").in_order(labels)
    session = onnxruntime.InferenceSession(str(out / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    planes = data.x.transpose(0, 3, 1, 2)
    p = np.concatenate([session.run(None, {"image": x[None].astype(np.float32) / 255.0})[0] for x in planes])
    threshold = json.loads((out / f"{name}.figures.json").read_text())["okThreshold"]
    figures = score_predictions(data.y, p) | {
        "okThreshold": threshold,
        "ok_balanced_accuracy_at_threshold": ok_score_at(data.y, p, threshold),
        "classes": per_class(data.y, p, labels),
    }
    folder = Path(data_folder).name
    (out / f"{name}.on-{folder}.json").write_text(json.dumps(rounded(figures), indent=1) + "\n")
    print(json.dumps(rounded(figures)))
