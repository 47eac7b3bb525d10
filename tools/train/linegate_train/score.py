"""Figures from predictions."""

import numpy as np
from sklearn.metrics import roc_auc_score


def score_predictions(y: np.ndarray, p: np.ndarray) -> dict:
    """y (N,) class index, p (N, K) probabilities. Class 0 is ok.

    auc and ok_balanced_accuracy are about ok against the rest; the latter takes the top class.
    """
    top = p.argmax(1)
    ok = y == 0
    auc = float(roc_auc_score(ok, p[:, 0])) if 0 < ok.sum() < len(ok) else float("nan")
    balanced = balanced_accuracy(y, top)
    return {
        "pictures": int(len(y)),
        "accuracy": float((top == y).mean()),
        "balanced_accuracy": balanced,
        "auc": auc,
        "ok_balanced_accuracy": balanced_accuracy(ok, top == 0),
        "selection": balanced if np.isnan(auc) else (balanced + auc) / 2,
    }


def balanced_accuracy(y: np.ndarray, guess: np.ndarray) -> float:
    """The mean over the classes present of the share guessed right."""
    return float(np.mean([(guess[y == c] == c).mean() for c in np.unique(y)]))


def best_ok_threshold(y: np.ndarray, p: np.ndarray) -> float:
    """The share of class 0 at which ok/defect balanced accuracy is highest on these rows."""
    ok = y == 0
    order = np.argsort(-p[:, 0])
    hit = np.cumsum(ok[order]) / ok.sum()
    false = np.cumsum(~ok[order]) / (~ok).sum()
    best = int(np.argmax(hit - false))
    values = p[order, 0]
    return float((values[best] + values[min(best + 1, len(values) - 1)]) / 2)


def best_ok_bias(y: np.ndarray, p: np.ndarray) -> float:
    """What to add to the ok class's logit so that the top class serves both questions.

    The highest sum of balanced accuracy over all classes and of ok/defect, on these rows, in steps of 0.25.
    """

    def both(bias: float) -> float:
        top = (p * np.where(np.arange(p.shape[1]) == 0, np.exp(bias), 1)).argmax(1)
        return balanced_accuracy(y, top) + balanced_accuracy(y == 0, top == 0)

    return float(max(np.arange(0, 3.01, 0.25), key=both))


def ok_score_at(y: np.ndarray, p: np.ndarray, threshold: float) -> float:
    """ok/defect balanced accuracy when a part is ok from `threshold` of class 0 on."""
    return balanced_accuracy(y == 0, p[:, 0] >= threshold)


def per_class(y: np.ndarray, p: np.ndarray, classes: list[str]) -> dict:
    """Recall and the confusion row of each class."""
    top = p.argmax(1)
    out = {}
    for c, name in enumerate(classes):
        row = np.bincount(top[y == c], minlength=len(classes))
        out[name] = {"pictures": int(row.sum()), "recall": float(row[c] / max(1, row.sum())), "guesses": row.tolist()}
    return out


def group_recall(y: np.ndarray, p: np.ndarray, groups: np.ndarray) -> dict:
    """The share guessed right in each group, for paired comparisons."""
    right = p.argmax(1) == y
    return {str(g): float(right[groups == g].mean()) for g in np.unique(groups)}


def rounded(value):
    """Floats in nested dicts and lists to four places."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value
