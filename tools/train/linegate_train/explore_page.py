"""One HTML page about a data folder, with its pictures inside: no other file, no script, fit to print."""

import base64
from html import escape

import cv2
import numpy as np

from .histogram import histogram
from .measure import ALIKE_LEVELS

STYLE = """body{font:15px/1.45 sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1b1b1b;background:#fff}
h1{font-size:1.7em}h2{font-size:1.25em;margin:2em 0 .4em;border-bottom:1px solid #bbb}h3{font-size:1em;margin:1em 0 .3em}h4{font-weight:normal;font-size:.85em;margin:0 0 .2em}
table{border-collapse:collapse;margin:.6em 0}td,th{padding:.2em .8em;border-bottom:1px solid #ddd;text-align:right}
td:first-child,th:first-child{text-align:left}.row{display:flex;flex-wrap:wrap;gap:6px;align-items:flex-start}
figure{margin:0;width:96px;font-size:10px;line-height:1.25;overflow-wrap:anywhere;break-inside:avoid}
figure img{width:96px;height:96px;object-fit:contain;background:#eee;display:block}
.pair{display:flex;gap:4px;border:1px solid #ccc;padding:4px;break-inside:avoid}.many{columns:4;font-size:12px}
.ends{display:flex;flex-wrap:wrap;gap:1.5em;align-items:flex-start;break-inside:avoid}
svg text{font:10px sans-serif}@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}}"""


def page(name: str, data, found: dict, measured: dict, seed: int) -> str:
    """The whole page. `found`: what explore writes as JSON; `measured`: {brightness, sharpness} each (N,)."""
    parts = [
        _counts(data, found), _groups(data), _sizes(found["sizes"], data.x.shape),
        _spread(data, measured["brightness"], "Brightness", "Mean grey level, 0 to 255: look for dark or burnt-out pictures."),
        _spread(data, measured["sharpness"], "Sharpness", "Variance of the Laplacian: low is blurred or flat, high is "
                "rich in edges or noise. It tells pictures of one kind apart, not one product from another."),
        _alike(data, found), _suspects(data, found["label_suspects"]), _sample(data, seed),
    ]
    title = f"{escape(name)}: what is in the pictures"
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n'
            f"<body><h1>{title}</h1>\n" + "\n".join(parts) + "\n</body></html>\n")


def thumbnail(picture: np.ndarray, side: int = 96) -> str:
    """A JPEG data URI of (H, W, 3 or 1) uint8, at most `side` px."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    bgr = picture if picture.ndim == 2 or picture.shape[2] == 1 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 82])
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()


def _figure(data, i: int, note: str = "") -> str:
    file, label = escape(str(data.files[i])), escape(data.classes[data.y[i]])
    return (f'<figure><img src="{thumbnail(data.x[i])}" alt="{label}, {file}" title="{file}">'
            f"<figcaption>{file}{'<br>' + escape(note) if note else ''}</figcaption></figure>")


def _section(title: str, says: str, body: str) -> str:
    return f"<section><h2>{title}</h2><p>{says}</p>{body}</section>"


def _table(head: list[str], rows: list[list]) -> str:
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def _counts(data, found: dict) -> str:
    rows = [[name, count, f"{100 * count / found['pictures']:.1f} %", found["groups_per_class"][name],
             f"{found['brightness_per_class'][name][2]:.0f}", f"{found['sharpness_per_class'][name][2]:.0f}"]
            for name, count in found["classes"].items()]
    head = ["class", "pictures", "share", "groups", "median brightness", "median sharpness"]
    return _section("Classes", f"{found['pictures']} pictures of {len(data.classes)} classes in {found['groups']} groups. "
                    f"The first class, {escape(data.classes[0])}, is taken for ok.", _table(head, rows))


def _groups(data, most: int = 160) -> str:
    names, counts = np.unique(data.groups, return_counts=True)
    says = f"{len(names)} groups of {counts.min()} to {counts.max()} pictures, median {np.median(counts):.0f}. "
    if counts.max() == 1:
        return _section("Groups", says + "Every picture is its own group: pictures of one part or one day may then be on "
                        "both sides of a split and lift the score. Write a manifest.csv if there are such.", "")
    order = np.argsort(-counts, kind="stable")[:most]
    if len(names) > most:
        says += f"The {most} largest:"
    items = []
    for i in order:
        kinds = ", ".join(data.classes[c] for c in np.unique(data.y[data.groups == names[i]]))
        items.append(f"<div>{escape(str(names[i]))} ({escape(kinds)}): {counts[i]}</div>")
    return _section("Groups", says, f'<div class="many">{"".join(items)}</div>')


def _sizes(sizes: dict, shape: tuple, most: int = 12) -> str:
    says = (f"Width x height of the files, px; {len(sizes)} different. All that follows is measured on the "
            f"{shape[2]} x {shape[1]} px picture that the model sees.")
    return _section("Sizes", says, _table(["size", "files"], [list(row) for row in sizes.items()][:most]))


def _spread(data, values: np.ndarray, title: str, says: str) -> str:
    """A histogram of `values` (N,) for each class, all on one scale, with the pictures at both ends."""
    shown = max(1, min(3, 100 // len(data.classes)))
    low, high = np.percentile(values, [0.5, 99.5])
    parts = []
    for c, name in enumerate(data.classes):
        index = np.nonzero(data.y == c)[0]
        index = index[np.argsort(values[index], kind="stable")]
        ends = [("lowest", index[:shown]), ("highest", index[::-1][:shown])]
        low_end, high_end = (f'<div><h4>{word}</h4><div class="row">' + "".join(
            _figure(data, i, f"{values[i]:.0f}") for i in some) + "</div></div>" for word, some in ends)
        chart = histogram(values[index], float(low), float(high), f"{title} of {name}")
        parts.append(f'<h3>{escape(name)}</h3><div class="ends">{low_end}{chart}{high_end}</div>')
    says += " The bars at the edges hold what lies beyond; the captions give each picture's figure."
    return _section(title, says, "".join(parts))


def _alike(data, found: dict, most: int = 24) -> str:
    pairs, place = found["near_duplicates_across_groups"], {str(file): i for i, file in enumerate(data.files)}
    says = (f"Pairs in different groups whose 16 x 16 thumbnails differ by less than {ALIKE_LEVELS:.0f} of 255 levels (root "
            "mean square). One side in training and the other in the test lifts the score: give both the same group, or "
            "remove one. Turned or mirrored copies are not found. ")
    if not pairs:
        return _section("Near-duplicates across groups", says + "There are none.", "")
    says += f"The closest {min(most, len(pairs))}; {len(found['twins_across_groups'])} pairs are the same to the byte."
    body = "".join('<div class="pair">' + "".join(
        _figure(data, place[file], f"group {group}, {kind}; {pair['levels']:.2f} apart")
        for file, group, kind in zip(pair["files"], pair["groups"], pair["classes"])) + "</div>" for pair in pairs[:most])
    return _section("Near-duplicates across groups", says, f'<div class="row">{body}</div>')


def _suspects(data, suspects: list[dict], most: int = 48) -> str:
    if not suspects:
        return _section("Label suspects", "They need the predictions of `validate`, which has not run yet for this name.", "")
    place = {str(file): i for i, file in enumerate(data.files)}
    body = "".join(_figure(data, place[row["file"]], f"labelled {row['label']}, model says {row['model']}; "
                           f"{100 * row['share_of_label']:.1f} % for the label")
                   for row in suspects[:most] if row["file"] in place)
    return _section("Label suspects", "Pictures held out of the fold's training whose model gives least to their own label: "
                    "wrong labels and hard cases, to be told apart by eye.", f'<div class="row">{body}</div>')


def _sample(data, seed: int) -> str:
    random, shown, parts = np.random.default_rng(seed), max(2, min(27, 300 // len(data.classes))), []
    for c, name in enumerate(data.classes):
        index = np.nonzero(data.y == c)[0]
        pick = np.sort(random.choice(index, min(shown, len(index)), replace=False))
        figures = "".join(_figure(data, i) for i in pick)
        parts.append(f'<h3>{escape(name)}</h3><div class="row">{figures}</div>')
    return _section("A random sample of each class", f"Drawn with seed {seed}.", "".join(parts))
