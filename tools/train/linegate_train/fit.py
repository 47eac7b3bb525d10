"""Trains one network on one split: AdamW, cosine schedule, averaged weights, best epoch."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from .augment import augment_batch
from .checkpoint import Checkpoint
from .data import Dataset
from .model import build_model
from .runtime import set_seed
from .score import score_predictions


@dataclass(frozen=True)
class Job:
    """What one training needs. `val` may be None: then the last epoch is kept.

    `start` is the weights of a pretrained body, or None. `checkpoint` is a file rewritten after each epoch, to go on from.
    """

    train: Dataset
    val: Dataset | None
    config: dict
    seed: int
    start: list | None = None
    label: str = ""
    checkpoint: Path | None = None


def fit(job: Job) -> tuple[keras.Model, dict]:
    """Returns the model with its averaged weights of the best epoch, and {epochs, best, seconds}."""
    spec = job.config["train"]
    set_seed(job.seed)
    model = build_model(job.train.x.shape[1:], len(job.train.classes), job.config["model"])
    if job.start:
        load_body(model, job.start)
    steps = max(1, len(job.train.y) // spec["batch"])
    optimizer = keras.optimizers.AdamW(
        Cosine(spec["lr"], steps * spec["warmup_epochs"], steps * spec["epochs"]),
        weight_decay=spec["weight_decay"], clipnorm=spec.get("clip_norm", 5.0),
    )
    _no_decay(optimizer, model)
    optimizer.build(model.trainable_variables)
    average = [tf.Variable(w, trainable=False) for w in model.weights]
    step = _make_step(model, optimizer, average, spec["ema"])
    keeper = _Keeper(model, average, job.val)
    saved = Checkpoint(job.checkpoint, [*model.variables, *optimizer.variables, *average], keeper)
    began, first = time.time(), saved.load()
    for epoch in range(first, spec["epochs"]):
        losses = [step(x, y) for x, y in batches(job, epoch, steps)]
        line = f"{job.label} epoch {epoch + 1}/{spec['epochs']} loss {np.mean(losses):.3f}"
        every = spec.get("val_every", 1)
        if (epoch + 1) % every == 0:
            line += keeper.look(epoch)
        print(f"{line} {time.time() - began:.0f}s", flush=True)
        if keeper.stale(epoch) >= spec["patience"]:
            break
        saved.save(epoch + 1)
    keeper.restore()
    saved.drop()
    adjust_prior(model, job)
    return model, {"epochs": epoch + 1, "best": keeper.epoch + 1, "seconds": round(time.time() - began)}


class _Keeper:
    """Holds the averaged weights of the epoch that scored best on the validation groups."""

    def __init__(self, model, average, val):
        self.model, self.average, self.val = model, average, val
        self.best, self.epoch, self.weights = -1.0, -1, []

    def look(self, epoch: int) -> str:
        """Scores the averaged weights; returns a piece of the progress line."""
        if self.val is None:
            self.epoch = epoch
            return ""
        raw = self.model.get_weights()
        self.model.set_weights([w.numpy() for w in self.average])
        figures = score_predictions(self.val.y, predict(self.model, self.val.x))
        if figures["selection"] > self.best:
            self.best, self.epoch, self.weights = figures["selection"], epoch, self.model.get_weights()
        self.model.set_weights(raw)
        return f" val bacc {figures['balanced_accuracy']:.3f} auc {figures['auc']:.3f} best {self.epoch + 1}"

    def stale(self, epoch: int) -> int:
        """Epochs since the best one; 0 where there is no validation."""
        return epoch - self.epoch if self.weights else 0

    def restore(self) -> None:
        """Puts the kept weights, or the last averaged ones, into the model."""
        self.model.set_weights(self.weights or [w.numpy() for w in self.average])


class Cosine(keras.optimizers.schedules.LearningRateSchedule):
    """Linear warm-up over `warmup` steps, then half a cosine down to 1 % at `total`."""

    def __init__(self, peak: float, warmup: int, total: int):
        self.peak, self.warmup, self.total = peak, max(1, warmup), total

    def __call__(self, step):
        step = tf.cast(step, tf.float32)
        part = tf.clip_by_value((step - self.warmup) / max(1, self.total - self.warmup), 0.0, 1.0)
        down = 0.01 + 0.99 * 0.5 * (1 + tf.cos(np.pi * part))
        return self.peak * tf.minimum((step + 1) / self.warmup, down)


def _no_decay(optimizer, model) -> None:
    """Norms and biases keep their size; only kernels decay."""
    optimizer.exclude_from_weight_decay([w for w in model.trainable_weights if w.name in ("gamma", "beta", "bias")])


def _make_step(model, optimizer, average, decay: float):
    """A compiled training step (x (B, H, W, C) in 0..1, y (B, K)) -> loss, that also averages weights."""

    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            logits = model(x, training=True)
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(y, logits))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        count = tf.cast(optimizer.iterations, tf.float32)
        keep = tf.minimum(decay, (1 + count) / (10 + count))
        for mean, weight in zip(average, model.weights):
            mean.assign(keep * mean + (1 - keep) * weight)
        return loss

    return step


def batches(job: Job, epoch: int, steps: int):
    """Yields `steps` (x, y) float32 batches; a thread prepares the next one meanwhile."""
    random = np.random.default_rng([job.seed, epoch])
    spec = job.config["train"]
    share = sampling_shares(job.train.y, spec["balance"], spec.get("class_weight"), job.train.classes)
    picks = random.choice(len(share), size=(steps, spec["batch"]), p=share)
    picks.sort(axis=1)
    with ThreadPoolExecutor(1) as worker:
        ahead = worker.submit(_batch, job, picks[0], random)
        for i in range(steps):
            ready = ahead.result()
            if i + 1 < steps:
                ahead = worker.submit(_batch, job, picks[i + 1], random)
            yield ready


def sampling_shares(y: np.ndarray, balance: float, weight: dict | None, classes: list[str]) -> np.ndarray:
    """The chance of each row (N,): balance 0 draws rows evenly, 1 draws classes evenly."""
    count = np.bincount(y, minlength=len(classes)).astype(float)
    per_class = np.divide(1, count, where=count > 0, out=np.zeros_like(count)) ** balance
    for name, factor in (weight or {}).items():
        per_class[classes.index(name)] *= factor
    share = per_class[y]
    return share / share.sum()


def _batch(job: Job, pick: np.ndarray, random: np.random.Generator):
    spec = job.config["train"]
    x = augment_batch(job.train.x[pick], job.config["augment"], random)
    kinds = len(job.train.classes)
    y = np.eye(kinds, dtype=np.float32)[job.train.y[pick]]
    y = y * (1 - spec["label_smoothing"]) + spec["label_smoothing"] / kinds
    if spec["mixup"] and random.random() < spec.get("mixup_share", 1.0):
        part = np.float32(random.beta(spec["mixup"], spec["mixup"]))
        other = random.permutation(len(pick))
        x, y = part * x + (1 - part) * x[other], part * y + (1 - part) * y[other]
    return tf.constant(x), tf.constant(y.astype(np.float32))


def adjust_prior(model: keras.Model, job: Job) -> None:
    """Takes `train.adjust` times the log share of each class, as it was drawn, off the last bias.

    With 1 the scores answer as if every class were equally frequent (Menon et al., logit adjustment, 2021).
    """
    spec = job.config["train"]
    kinds = len(job.train.classes)
    share = sampling_shares(job.train.y, spec["balance"], spec.get("class_weight"), job.train.classes)
    prior = np.bincount(job.train.y, weights=share, minlength=kinds)
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel, bias - spec["adjust"] * np.log(np.maximum(prior, 1e-6)).astype(np.float32)])


def predict(model: keras.Model, x: np.ndarray, size: int = 256) -> np.ndarray:
    """Probabilities (N, K) for pictures (N, H, W, C) uint8."""
    call = getattr(model, "linegate_call", None)
    if call is None:
        call = model.linegate_call = tf.function(lambda t: tf.nn.softmax(model(t, training=False)), reduce_retracing=True)
    parts = [call(tf.constant(x[i : i + size].astype(np.float32) / 255.0)).numpy() for i in range(0, len(x), size)]
    return np.concatenate(parts)


def load_body(model: keras.Model, weights: list) -> None:
    """Copies the weights of a model with the same stages; a last layer of other classes keeps its own start."""
    own = model.get_weights()
    head = len(own) - 2
    for i in range(head):
        if own[i].shape != weights[i].shape:
            raise ValueError(f"weight {i}: pretrained {weights[i].shape}, model {own[i].shape}; same stages needed")
    same_head = own[head].shape == weights[head].shape
    model.set_weights(list(weights) if same_head else list(weights[:head]) + own[head:])
