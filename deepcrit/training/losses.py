"""Losses of single images, where those of a whole minibatch lose digits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepcrit.core.arrays import Floats


def cross_entropies(logits: Floats, labels: NDArray[np.int64]) -> Floats:
    """Cross-entropy of every image, shape (images,), in nats, without loss of digits where it is small.

    Args:
        logits: in double precision, shape (images, classes).
        labels: shape (images,).
    """
    images, classes = logits.shape
    # of the other classes over the right one: ln(1 + sum) keeps what is far below one
    others = np.arange(classes) != labels[:, None]
    above = (logits - logits[np.arange(images), labels][:, None])[others].reshape(images, classes - 1)
    top = np.maximum(above.max(axis=1), 0.0)
    rest = np.exp(above - top[:, None]).sum(axis=1)
    return np.asarray(np.where(top > 0, top + np.log(np.exp(-top) + rest), np.log1p(rest)))
