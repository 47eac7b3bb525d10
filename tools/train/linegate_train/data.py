"""A folder of pictures to arrays: files, classes, groups; and the split by group."""

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .preprocess import load_picture

PICTURES = {".jpg", ".jpeg", ".png", ".bmp"}


@dataclass(frozen=True)
class Dataset:
    """x (N, H, W, C) uint8; y (N,) int class index; groups and files (N,) str; classes in label order."""

    x: np.ndarray
    y: np.ndarray
    groups: np.ndarray
    files: np.ndarray
    classes: list[str]

    def take(self, index: np.ndarray) -> "Dataset":
        """The rows at `index` (bool or int)."""
        return Dataset(self.x[index], self.y[index], self.groups[index], self.files[index], self.classes)

    def in_order(self, classes: list[str]) -> "Dataset":
        """The same rows with `y` counted in another order of the same classes."""
        if sorted(classes) != sorted(self.classes):
            raise ValueError(f"the classes {self.classes} cannot be put in the order {classes}")
        place = np.array([classes.index(name) for name in self.classes])
        return Dataset(self.x, place[self.y], self.groups, self.files, list(classes))


def read_manifest(folder: Path) -> list[tuple[str, str, str]]:
    """(file, class, group) rows from manifest.csv, or from class folders where each file is a group."""
    manifest = folder / "manifest.csv"
    if manifest.exists():
        with manifest.open(newline="") as handle:
            rows = list(csv.DictReader(handle))
        return [(r["file"], r["class"], r.get("group") or r["file"]) for r in rows]
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    return [(str(p.relative_to(folder)), p.parent.name, str(p.relative_to(folder))) for p in found]


def load_dataset(folder: str, config: dict, cache: Path) -> Dataset:
    """Reads `folder` through the config's preprocessing; keeps the arrays in `cache` for the next run."""
    root = Path(folder)
    rows = read_manifest(root)
    if not rows:
        raise ValueError(f"{folder} holds no pictures and no manifest.csv")
    spec = config["preprocess"]
    changed = [(root / file).stat().st_mtime_ns for file, _, _ in rows]
    key = hashlib.sha256(json.dumps([str(root), rows, changed, spec]).encode()).hexdigest()[:12]
    store = cache / f"{root.name}-{key}.npy"
    if store.exists():
        x = np.load(store)
    else:
        x = np.stack([load_picture(root / file, spec) for file, _, _ in rows])
        cache.mkdir(parents=True, exist_ok=True)
        np.save(store, x)
    names = [config["data"]["merge"].get(name, name) for _, name, _ in rows]
    classes = _class_order(names, config["metrics"]["ok_class"])
    y = np.array([classes.index(name) for name in names])
    return Dataset(x, y, np.array([r[2] for r in rows]), np.array([r[0] for r in rows]), classes)


def _class_order(names: list[str], ok_class: str) -> list[str]:
    """Sorted, with the ok class first: the label order of the model's output."""
    return sorted(set(names), key=lambda name: (name != ok_class, name))


def group_folds(data: Dataset, folds: int, seed: int) -> np.ndarray:
    """A fold number for each row, (N,) int: whole groups, each class spread evenly over the folds."""
    random = np.random.default_rng(seed)
    names, first = np.unique(data.groups, return_index=True)
    order = random.permutation(len(names))
    fold_of = {}
    load = np.zeros((len(data.classes), folds))
    size = {name: count for name, count in zip(*np.unique(data.groups, return_counts=True))}
    for i in order:
        row = load[data.y[first[i]]]
        fold = int(np.argmin(row))
        fold_of[names[i]] = fold
        row[fold] += size[names[i]]
    return np.array([fold_of[group] for group in data.groups])


def split_test(data: Dataset, config: dict) -> tuple[Dataset, Dataset]:
    """(development, test): the test groups are the first of round(1 / test_share) folds."""
    share = config["data"]["test_share"]
    folds = group_folds(data, round(1 / share), config["seed"] + 1000)
    return data.take(folds != 0), data.take(folds == 0)


def write_list(path: Path, data: Dataset) -> None:
    """Writes file,class,group rows, paths relative to the data folder."""
    with path.open("w", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(["file", "class", "group"])
        for file, label, group in zip(data.files, data.y, data.groups):
            out.writerow([file, data.classes[label], group])
