"""Starts TensorFlow so that the same command and seed give the same weights."""

import os
import random

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_DETERMINISTIC_OPS", "1")

import numpy as np
import tensorflow as tf

THREADS = int(os.environ.get("TRAIN_THREADS", "2"))


def start_deterministic() -> None:
    """Call once, before the first tensor. The thread count is part of what makes a run repeatable."""
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()


def set_seed(seed: int) -> None:
    """Seeds Python, numpy and TensorFlow, and forgets the layers of earlier models."""
    tf.keras.backend.clear_session()
    random.seed(seed)
    np.random.seed(seed)
    tf.keras.utils.set_random_seed(seed)
