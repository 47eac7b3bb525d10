"""A random search over small architectures. Each trial trains briefly on fold 0's training groups; fold 0's groups score it."""

import hashlib
import json
from itertools import islice
from pathlib import Path

import numpy as np

from .config import merged
from .data import group_folds, load_dataset, split_test
from .fit import Job, fit, predict
from .score import rounded, score_predictions
from .space import candidates, described


def search(project, trials: int | None = None, epochs: int | None = None) -> None:
    """Runs the trials that search.jsonl does not hold yet; writes <name>.search.md and prints it, best first."""
    config = merged(project.config, {"search": {k: v for k, v in (("trials", trials), ("epochs", epochs)) if v}})
    store = project.kept("search.jsonl")
    done = {row["key"]: row for row in read_done(store)}
    rows, total = [], config["search"]["trials"]
    found = candidates(config, project.data.x.shape[3], len(project.data.classes))
    for number, candidate in enumerate(islice(found, total)):
        trial = trial_config(config, candidate)
        key = trial_key(trial, project.data)
        word = f"trial {number + 1}/{total}"
        if key in done:
            print(f"{word} is done: {store}", flush=True)
        else:
            cost = f"{candidate['bytes'] / 1e3:.0f} kB, {candidate['macs'] / 1e6:.1f} M multiply-adds"
            print(f"{word} {candidate['width']} x {candidate['height']}: {described(candidate['model'])}; {cost}", flush=True)
            done[key] = {"key": key, **candidate, **_run(project, trial, word, key)}
            with store.open("a") as handle:
                handle.write(json.dumps(rounded(done[key])) + "\n")
        rows.append(done[key] | {"own": number == 0})
    if len(rows) < total:
        print(f"only {len(rows)} architectures of the space were found within the budgets", flush=True)
    text = table(rows, config)
    (project.out / f"{project.name}.search.md").write_text(text)
    print(text)


def read_done(store: Path) -> list[dict]:
    """The finished trials. A last line cut short by a stop is taken off the file, so that the next one starts clean."""
    if not store.exists():
        return []
    text = store.read_text()
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        store.write_text(whole)
    return [json.loads(line) for line in whole.splitlines()]


def trial_config(config: dict, candidate: dict) -> dict:
    """The product's config with the candidate's model and size, and the search's short training from scratch."""
    epochs = config["search"]["epochs"]
    train = {"epochs": epochs, "pretrain": "", "warmup_epochs": min(config["train"]["warmup_epochs"], epochs / 4)}
    size = {"width": candidate["width"], "height": candidate["height"]}
    return merged(config, {"train": train, "preprocess": size}) | {"model": candidate["model"]}


def trial_key(trial: dict, data) -> str:
    """Names a trial by all that its score depends on: the pictures' names, labels and groups, and the settings."""
    settings = {k: trial[k] for k in ("seed", "data", "preprocess", "model", "train", "augment")}
    settings["share"] = trial["search"]["share"]
    rows = "\n".join(f"{file},{label},{group}" for file, label, group in zip(data.files, data.y, data.groups))
    return hashlib.sha256((json.dumps(settings, sort_keys=True) + rows).encode()).hexdigest()[:16]


def _run(project, trial: dict, word: str, key: str) -> dict:
    """Trains one trial; returns its figures on fold 0. Test groups are not touched."""
    own = project.config["preprocess"]
    develop = project.develop
    if any(trial["preprocess"][side] != own[side] for side in ("width", "height")):
        develop, _ = split_test(load_dataset(project.data_folder, trial, project.out.parent / "cache"), trial)
    fold = group_folds(develop, trial["data"]["folds"], trial["seed"])
    held, train = develop.take(fold == 0), develop.take(fold != 0)
    if trial["search"]["share"] < 1:
        order = np.random.default_rng(trial["seed"]).permutation(len(train.y))
        train = train.take(np.sort(order[: max(1, round(len(order) * trial["search"]["share"]))]))
    checkpoint = project.kept(f"search-{key}.checkpoint.npz")
    model, log = fit(Job(train, None, trial, trial["seed"], label=word, checkpoint=checkpoint))
    figures = score_predictions(held.y, predict(model, held.x))
    print(f"{word} {json.dumps(rounded(figures))}", flush=True)
    return {"trained_on": len(train.y), "epochs": log["epochs"], "seconds": log["seconds"], **figures}


def table(rows: list[dict], config: dict) -> str:
    """The trials as Markdown, highest selection score first."""
    spec = config["search"]
    lines = [
        f"Search for {config['name']}: {len(rows)} trials of {spec['epochs']} epochs, seed {config['seed']}, "
        f"{spec['share']:.0%} of the training pictures; scored on fold 0's {rows[0]['pictures']} pictures, which also rank them: "
        "confirm a choice with `validate` on the other folds.",
        "",
        "| size | model | INT8 weights, kB | multiply-adds, M | balanced acc. | AUC ok | score |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: -row["selection"]):
        name = described(row["model"]) + (" (the config's own)" if row["own"] else "")
        lines.append(f"| {row['width']} x {row['height']} | {name} | {row['bytes'] / 1e3:.0f} | {row['macs'] / 1e6:.1f} "
                     f"| {row['balanced_accuracy']:.3f} | {row['auc']:.3f} | {row['selection']:.3f} |")
    return "\n".join(lines) + "\n"
