"""What heavy-tailed networks may be asked for, and what is refused."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats
from deepcrit.physics.activations import ACTIVATIONS

LEAST_ALPHA = 1.0
"""Index of stability from which networks are considered."""


class HeavyTailsError(ValueError):
    """A parameter outside its range, or a question that has no answer there."""


class Sigmoid(NamedTuple):
    """An activation that is odd and whose slope is positive and falls with |h|.

    Attributes:
        phi: the activation.
        decay: t = -2 ln phi'(h) at h >= 0, which does not decrease.
        depth: its inverse, the h >= 0 at which the decay is t; zero for t below decay(0).
    """

    phi: Callable[[Floats], Floats]
    decay: Callable[[Floats], Floats]
    depth: Callable[[Floats], Floats]


def _tanh_decay(h: Floats) -> Floats:
    # 4 ln cosh h, which is finite however large h
    return 4 * (np.abs(h) + np.log1p(np.exp(-2 * np.abs(h))) - math.log(2))


def _tanh_depth(t: Floats) -> Floats:
    quarter = np.maximum(t, 0) / 4
    # arccosh(exp(quarter)), likewise
    return quarter + np.log1p(np.sqrt(-np.expm1(-2 * quarter)))


SIGMOIDS = {"tanh": Sigmoid(np.tanh, _tanh_decay, _tanh_depth)}


def checked_gain(gain: float) -> float:
    """Gain g = D_w^(1/alpha).

    Raises:
        HeavyTailsError: if it is not positive and finite.
    """
    if not 0 < gain < math.inf:
        raise HeavyTailsError(f"gain: found {gain}, expected a positive, finite number")
    return float(gain)


def sigmoid(activation: str | Sigmoid) -> Sigmoid:
    """The sigmoidal activation of that name, or the one given.

    Raises:
        HeavyTailsError: for one that is not sigmoidal, whose average E|phi|^alpha heavy tails make infinite.
    """
    if isinstance(activation, Sigmoid):
        return activation
    if activation not in SIGMOIDS:
        what = "is not sigmoidal" if activation in ACTIVATIONS else "is unknown"
        raise HeavyTailsError(f"activation: found {activation!r}, which {what}, expected one of {sorted(SIGMOIDS)}")
    return SIGMOIDS[activation]
