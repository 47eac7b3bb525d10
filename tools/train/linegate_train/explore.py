"""What is in a data folder: sizes, classes, groups, light, sharpness, near-duplicates across groups, and label suspects."""

import json

import numpy as np

from .explore_page import page
from .measure import brightness, file_sizes, near_duplicates, sharpness
from .score import rounded


def explore(project) -> None:
    """Prints and writes <name>.explore.json, and <name>.explore.html with the pictures.

    Label suspects need `validate` to have run.
    """
    data = project.data
    measured = {"brightness": brightness(data.x), "sharpness": sharpness(data.x)}
    print("measured light and sharpness; reading the sizes of the files", flush=True)
    found = {
        "pictures": len(data.y),
        "classes": {name: int((data.y == c).sum()) for c, name in enumerate(data.classes)},
        "groups": len(np.unique(data.groups)),
        "groups_per_class": {name: len(np.unique(data.groups[data.y == c])) for c, name in enumerate(data.classes)},
        "sizes": file_sizes(project.data_folder, data.files),
        "mean_colour": {name: _colour(data, c) for c, name in enumerate(data.classes)},
        **{f"{name}_per_class": _quartiles(data, values) for name, values in measured.items()},
        "twins_across_groups": twins(data),
        "near_duplicates_across_groups": near_duplicates(data),
        "label_suspects": label_suspects(project),
    }
    path = project.out / f"{project.name}.explore.json"
    path.write_text(json.dumps(rounded(found), indent=1) + "\n")
    print(json.dumps(rounded(found), indent=1))
    shown = path.with_suffix(".html")
    shown.write_text(page(project.name, data, found, measured, project.config["seed"]))
    print(f"{shown}: the same with the pictures, {shown.stat().st_size / 1e6:.1f} MB", flush=True)


def _colour(data, c: int) -> list[float]:
    return [float(v) for v in data.x[data.y == c].mean(axis=(0, 1, 2))]


def _quartiles(data, values: np.ndarray) -> dict:
    """Lowest, quartiles and highest of `values` (N,) for each class."""
    return {name: [float(v) for v in np.percentile(values[data.y == c], [0, 25, 50, 75, 100])]
            for c, name in enumerate(data.classes)}


def twins(data, limit: int = 50) -> list[list[str]]:
    """Pairs of files in different groups whose pictures are the same to the byte after preprocessing."""
    seen, pairs = {}, []
    for i, picture in enumerate(data.x):
        first = seen.setdefault(picture.tobytes(), i)
        if first != i and data.groups[first] != data.groups[i]:
            pairs.append([str(data.files[first]), str(data.files[i])])
    return pairs[:limit]


def label_suspects(project, share: float = 0.01) -> list[dict]:
    """Held-out pictures that the fold's model gives least to their own label; look at these by eye."""
    rows = []
    for store in sorted(project.work.glob("fold?.npz")):
        run = np.load(store)
        own = run["p"][np.arange(len(run["y"])), run["y"]]
        for file, label, p, mine in zip(run["files"], run["y"], run["p"], own):
            rows.append({"file": str(file), "label": project.data.classes[label],
                         "model": project.data.classes[int(p.argmax())], "share_of_label": float(mine)})
    rows.sort(key=lambda row: row["share_of_label"])
    return rows[: max(1, int(len(rows) * share))] if rows else []
