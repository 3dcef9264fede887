"""How far activations bend away from a straight line through zero, without cancellation at small arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats

_SMALL = 0.5  # below it 1 - tanh(u)/u is a continued fraction, above it a difference
_FRACTION_DEPTH = 8


class Bending(NamedTuple):
    """Deficits of an activation at u > 0, averaged over the signs of u; all are zero at u = 0.

    Attributes:
        gain: phi'(0+)^2 and phi'(0-)^2, averaged.
        deficits: maps u to gain - (phi(u)/u)^2, gain - phi(u) phi'(u)/u and gain - phi'(u)^2.
        slope: phi'.
    """

    gain: float
    deficits: Callable[[Floats], tuple[Floats, Floats, Floats]]
    slope: Callable[[Floats], Floats]


def _shortfall(u: Floats) -> Floats:
    """1 - tanh(u)/u, to full relative precision for all u >= 0."""
    # Lambert: tanh(u) = u / (1 + f), f = u^2 / (3 + u^2 / (5 + ...)), a sum of positive terms
    square = np.minimum(u, _SMALL) ** 2
    fraction = np.full_like(u, 2.0 * _FRACTION_DEPTH + 1.0)
    for odd in range(2 * _FRACTION_DEPTH - 1, 1, -2):
        fraction = odd + square / fraction
    f = square / fraction
    return np.where(u < _SMALL, f / (1.0 + f), 1.0 - np.tanh(u) / np.maximum(u, _SMALL))


def _tanh_deficits(u: Floats) -> tuple[Floats, Floats, Floats]:
    g = _shortfall(u)
    t2 = np.tanh(u) ** 2
    return g * (2.0 - g), g + (1.0 - g) * t2, t2 * (2.0 - t2)


def _tanh_slope(u: Floats) -> Floats:
    return 1.0 - np.tanh(u) ** 2


def _no_deficits(u: Floats) -> tuple[Floats, Floats, Floats]:
    """Of activations that are straight on either side of zero."""
    zero = np.zeros_like(u)
    return zero, zero, zero


# one entry for every activation of deepcrit.physics.activations
BENDING: dict[str, Bending] = {
    "tanh": Bending(1.0, _tanh_deficits, _tanh_slope),
    "relu": Bending(0.5, _no_deficits, lambda u: (u > 0).astype(np.float64)),
    "linear": Bending(1.0, _no_deficits, np.ones_like),
}


def bending(name: str) -> Bending:
    """Bending of the activation of that name.

    Raises:
        ValueError: if the name is not one of ``BENDING``.
    """
    if name not in BENDING:
        raise ValueError(f"activation: found {name!r}, expected one of {sorted(BENDING)}")
    return BENDING[name]
