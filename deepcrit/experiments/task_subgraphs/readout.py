"""One digit against all others from one signal: offset, loss and accuracies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import expit, log_expit

from deepcrit.core.arrays import Floats, Mask

_NEWTON_STEPS = 100
WARM_STEPS = 2  # from an offset that is nearly right
_LONGEST = 2.0  # step of an offset


class Readout(NamedTuple):
    """What a signal tells of one digit, once an offset has been added to it.

    Attributes:
        loss: mean cross-entropy of the digit against all others, in nats.
        accuracy: fraction of the images that are told right.
        balanced: mean of the fractions of the digit's own images and of the others' that are told right, where both
            count the same.
    """

    loss: float
    accuracy: float
    balanced: float


def balanced_offset(signals: Floats, on: Mask, start: float = 0.0, steps: int = _NEWTON_STEPS) -> Floats:
    """Offset at which the cross-entropy is least, the digit's own images and the others counting half each.

    Args:
        signals: shape (..., images).
        on: whether an image is of the digit, shape (images,), of which some are and some are not.
        start: from which Newton's iteration goes on.
        steps: of it, fewer if it has settled.

    Returns:
        Offsets, shape (...).
    """
    offset = np.full(signals.shape[:-1], start)
    weights = _balance(on)
    for _ in range(steps):
        probability = expit(signals + offset[..., None])
        slope = (probability - on) @ weights
        curvature = (probability * (1.0 - probability)) @ weights
        # Newton's step is too long where nearly all are told with certainty and the loss is straight
        step = np.clip(slope / np.maximum(curvature, 1e-12), -_LONGEST, _LONGEST)
        offset = offset - step
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    return offset


def balanced_losses(signals: Floats, on: Mask, offset: Floats) -> Floats:
    """Cross-entropy with the digit's own images and the others counting half each.

    Args:
        signals: shape (..., images).
        on: shape (images,).
        offset: shape (...).

    Returns:
        Losses, shape (...).
    """
    shifted = signals + offset[..., None]
    return -log_expit(np.where(on, shifted, -shifted)) @ _balance(on)


def balanced_accuracies(signals: Floats, on: Mask, offset: Floats) -> Floats:
    """Mean of the accuracies of both sides, shape (...); arguments as of :func:`balanced_losses`."""
    return ((signals + offset[..., None] > 0) == on) @ _balance(on)


def read_out(signal: Floats, on: Mask, offset: float, share: float) -> Readout:
    """What a signal of shape (images,) tells.

    Args:
        signal: shape (images,).
        on: whether an image is of the digit, shape (images,).
        offset: of balanced images; in images as they are, the logarithm of the odds of the digit is added.
        share: of the digit among images as they are.
    """
    shifted = signal + offset + np.log(share / (1.0 - share))
    losses = sample_losses(signal, on, offset, share)
    return Readout(
        float(losses.mean()),
        float(((shifted > 0) == on).mean()),
        float(balanced_accuracies(signal, on, np.asarray(offset, np.float64))),
    )


def sample_losses(signal: Floats, on: Mask, offset: float, share: float) -> Floats:
    """Cross-entropy of every image, shape (images,); arguments as of :func:`read_out`."""
    shifted = signal + offset + np.log(share / (1.0 - share))
    return -log_expit(np.where(on, shifted, -shifted))


def _balance(on: Mask) -> Floats:
    """Weights of images by which both sides weigh half, shape (images,)."""
    own = on.sum()
    return np.where(on, 0.5 / max(own, 1), 0.5 / max(on.size - own, 1))
