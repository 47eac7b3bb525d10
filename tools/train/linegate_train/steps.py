"""The steps behind the subcommands: cross-validate, train, export. Each result is a file; a step whose file exists is skipped."""

import json
from pathlib import Path

import numpy as np

from .colour import baseline_predict, take_mean_colour_out
from .data import Dataset, group_folds, load_dataset, split_test, write_list
from .export import check_onnx, to_onnx
from .fit import Job, fit, predict
from .model import build_model
from .score import best_ok_bias, best_ok_threshold, group_recall, ok_score_at, per_class, rounded, score_predictions


class Project:
    """One product: its config, where its pictures are, and where results go."""

    def __init__(self, config: dict, data: str, out: str):
        self.config, self.data_folder = config, data
        self.name = config["name"]
        self.out = Path(out)
        self.work = self.out / "work" / self.name
        self.work.mkdir(parents=True, exist_ok=True)
        self.data = load_dataset(data, config, self.out.parent / "cache")
        self.develop, self.test = split_test(self.data, config)

    def kept(self, file: str) -> Path:
        """A path in the product's work folder."""
        return self.work / file


def cross_validate(project: Project, only: list[int] | None = None) -> None:
    """Trains once a fold and keeps the predictions for its held-out groups.

    The last epoch is taken, so nothing is chosen on the held-out fold. Test groups are not touched.
    """
    config, data = project.config, project.develop
    folds = group_folds(data, config["data"]["folds"], config["seed"])
    for fold in range(config["data"]["folds"]) if only is None else only:
        store = project.kept(f"fold{fold}.npz")
        if store.exists():
            print(f"fold {fold} is done: {store}")
            continue
        held = data.take(folds == fold)
        train = data.take(folds != fold)
        start = pretrained(project)
        checkpoint = project.kept(f"fold{fold}.checkpoint.npz")
        model, log = fit(Job(train, None, config, config["seed"], start=start, label=f"fold {fold}", checkpoint=checkpoint))
        kept = {"y": held.y, "groups": held.groups, "files": held.files, "p": predict(model, held.x),
                "classes": np.array(data.classes)}
        if config["metrics"]["mean_colour_out"]:
            kept["p_colour_out"] = predict(model, take_mean_colour_out(held.x))
        if config["metrics"]["baseline"]:
            kept["p_baseline"] = baseline_predict(train.x, train.y, held.x, len(data.classes), config["seed"])
        np.savez(store, **kept)
        np.savez(project.kept(f"fold{fold}-weights.npz"), *model.get_weights())
        figures = score_predictions(held.y, kept["p"])
        print(f"fold {fold} {json.dumps(rounded({**figures, **log}))}", flush=True)


def pretrained(project: Project) -> list | None:
    """Weights of the config's train.pretrain run, or None."""
    path = project.config["train"]["pretrain"]
    return load_weights(project.out / "work" / path) if path else None


def load_weights(path: Path) -> list:
    """Weights in model order from an .npz file."""
    with np.load(path) as stored:
        return [stored[f"arr_{i}"] for i in range(len(stored.files))]


def train_final(project: Project, seeds: list[int] | None = None) -> None:
    """Trains on the development groups, a tenth of them as validation, once a seed; keeps the best seed."""
    config = project.config
    train, val = split_validation(project)
    for seed in seeds or config["train"]["seeds"]:
        store = project.kept(f"final-seed{seed}.npz")
        if store.exists():
            print(f"seed {seed} is done: {store}")
            continue
        start = pretrained(project)
        checkpoint = project.kept(f"seed{seed}.checkpoint.npz")
        job = Job(train, val, config, seed, start=start, label=f"seed {seed}", checkpoint=checkpoint)
        model, log = fit(job)
        p = predict(model, val.x)
        log |= score_predictions(val.y, p) | {"okThreshold": best_ok_threshold(val.y, p)}
        np.savez(store, *model.get_weights())
        project.kept(f"final-seed{seed}.json").write_text(json.dumps(rounded(log), indent=1))
        print(f"seed {seed} {json.dumps(rounded(log))}", flush=True)


def split_validation(project: Project) -> tuple[Dataset, Dataset]:
    """(train, validation) out of the development groups, for the final training."""
    config = project.config
    folds = group_folds(project.develop, config["train"].get("val_folds", 10), config["seed"] + 500)
    return project.develop.take(folds != 0), project.develop.take(folds == 0)


def put_in_order(project: Project, model, classes: list[str]) -> None:
    """Gives the scores and the project's labels the order that the rest of the system has for its classes."""
    pick = [project.data.classes.index(name) for name in classes]
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel[:, pick], bias[pick]])
    project.data, project.develop, project.test = (
        part.in_order(classes) for part in (project.data, project.develop, project.test)
    )


def lean_to_ok(model, val: Dataset) -> dict:
    """Adds the bias that the validation groups choose to the ok logit; returns the new validation figures."""
    bias = best_ok_bias(val.y, predict(model, val.x))
    kernel, offset = model.layers[-1].get_weights()
    offset[0] += bias
    model.layers[-1].set_weights([kernel, offset])
    p = predict(model, val.x)
    return score_predictions(val.y, p) | {"okBias": bias, "okThreshold": best_ok_threshold(val.y, p)}


def export(project: Project) -> None:
    """Writes the best seed as ONNX with its side files, and scores it once on the test groups."""
    logs = {p: json.loads(p.read_text()) for p in sorted(project.work.glob("final-seed*.json"))}
    if not logs:
        raise FileNotFoundError(f"{project.work} holds no trained seed: run train first")
    best = max(logs, key=lambda p: logs[p]["selection"])
    config, out = project.config, project.out
    model = build_model(project.data.x.shape[1:], len(project.data.classes), config["model"])
    model.set_weights(load_weights(best.with_suffix(".npz")))
    if config["data"]["order"]:
        put_in_order(project, model, config["data"]["order"])
    data = project.data
    train, val = split_validation(project)
    if config["metrics"]["ok_bias"]:
        logs[best] |= lean_to_ok(model, val)
    path = out / f"{project.name}.onnx"
    path.write_bytes(to_onnx(model, project.name).SerializeToString())
    difference = check_onnx(str(path), model, project.test.x[:64])
    if difference > 1e-3:
        raise ArithmeticError(f"{path}: scores differ from the trained model by {difference}")
    for kind, value in (("labels", data.classes), ("preprocess", config["preprocess"])):
        (out / f"{project.name}.{kind}.json").write_text(json.dumps(value, indent=1) + "\n")
    write_list(out / f"{project.name}.calibration.csv", train)
    write_list(out / f"{project.name}.validation.csv", val)
    write_list(out / f"{project.name}.heldout.csv", project.test)
    figures = _figures(project, model, logs[best], best.stem) | {"onnxDifference": difference}
    figures["groups"] = {"train": _groups(train), "validation": _groups(val), "test": _groups(project.test)}
    (out / f"{project.name}.figures.json").write_text(json.dumps(rounded(figures), indent=1) + "\n")
    print(json.dumps(rounded({k: v for k, v in figures.items() if k != "groups"}), indent=1))


def _groups(data: Dataset) -> list[str]:
    return sorted({str(group) for group in data.groups})


def _figures(project: Project, model, log: dict, chosen: str) -> dict:
    """Cross-validated and test figures of one exported model."""
    test, classes = project.test, project.data.classes
    p = predict(model, test.x)
    held = score_predictions(test.y, p) | {
        "ok_balanced_accuracy_at_threshold": ok_score_at(test.y, p, log["okThreshold"]),
        "classes": per_class(test.y, p, classes),
    }
    if project.config["metrics"]["mean_colour_out"]:
        held["mean_colour_out"] = score_predictions(test.y, predict(model, take_mean_colour_out(test.x)))
    if project.config["metrics"]["baseline"]:
        train = project.develop
        guess = baseline_predict(train.x, train.y, test.x, len(classes), project.config["seed"])
        held["colour_baseline"] = score_predictions(test.y, guess)
    return {
        "name": project.name, "classes": classes, "parameters": int(model.count_params()), "chosen": chosen,
        "okThreshold": log["okThreshold"], "validation": log, "test": held, "crossValidation": cv_figures(project),
    }


def cv_figures(project: Project) -> dict:
    """Mean and spread over the folds that are there, and the model against the colour baseline by group."""
    files = sorted(project.work.glob("fold?.npz"))
    runs = [_stored_run(f, project.data.classes) for f in files]
    out = {}
    for key in ("p", "p_colour_out", "p_baseline"):
        scores = [score_predictions(r["y"], r[key]) for r in runs if key in r]
        if scores:
            out[key] = {m: [float(np.mean(v)), float(np.std(v))] for m in scores[0] if (v := [s[m] for s in scores])}
    if runs:
        y, p = (np.concatenate([r[k] for r in runs]) for k in ("y", "p"))
        threshold = [best_ok_threshold(*_others(runs, i)) for i in range(len(runs))] if len(runs) > 1 else []
        at = [ok_score_at(r["y"], r["p"], t) for r, t in zip(runs, threshold)]
        out |= {"folds": len(runs), "classes": per_class(y, p, project.data.classes)}
        if at:
            out["ok_balanced_accuracy_at_threshold"] = [float(np.mean(at)), float(np.std(at))]
    if runs and "p_baseline" in runs[0]:
        pairs = [(group_recall(r["y"], r["p"], r["groups"]), group_recall(r["y"], r["p_baseline"], r["groups"])) for r in runs]
        gaps = np.array([own[g] - base[g] for own, base in pairs for g in own])
        out["paired_by_group"] = {"mean_gain": float(gaps.mean()), "standard_error": float(gaps.std(ddof=1) / len(gaps) ** 0.5),
                                  "wins": int((gaps > 0).sum()), "losses": int((gaps < 0).sum())}
    return out


def _stored_run(file: Path, classes: list[str]) -> dict:
    """One fold's predictions with classes in the order `classes`."""
    run = dict(np.load(file))
    if "classes" not in run:
        return run
    stored = run.pop("classes").tolist()
    pick = [stored.index(name) for name in classes]
    place = np.argsort(pick)
    return {k: v[:, pick] if k.startswith("p") else place[v] if k == "y" else v for k, v in run.items()}


def _others(runs: list[dict], i: int) -> tuple[np.ndarray, np.ndarray]:
    rest = runs[:i] + runs[i + 1 :]
    return np.concatenate([r["y"] for r in rest]), np.concatenate([r["p"] for r in rest])
