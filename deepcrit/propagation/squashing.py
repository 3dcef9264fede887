"""Activations in bulk, single precision, fused with the two mean squares that propagation needs."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from deepcrit.activations import ACTIVATIONS

CODES = {name: code for code, name in enumerate(ACTIVATIONS)}
_TANH = CODES["tanh"]
_RELU = CODES["relu"]
_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_TWO = np.float32(2.0)
_QUARTER = np.float32(0.25)
_SATURATED = np.float32(9.0)  # tanh(9) is 1 in single precision
# Lambert's continued fraction for tanh, convergent of order 8
_P0, _P1, _P2, _P3 = (np.float32(c) for c in (2027025.0, 270270.0, 6930.0, 36.0))
_Q0, _Q1, _Q2, _Q3 = (np.float32(c) for c in (2027025.0, 945945.0, 51975.0, 630.0))


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")
def _tanh(x: np.float32) -> np.float32:
    """tanh to a few units in the last place, small arguments included: tanh(x / 4), doubled twice."""
    y = _QUARTER * min(max(x, -_SATURATED), _SATURATED)
    y2 = y * y
    t = y * (_P0 + y2 * (_P1 + y2 * (_P2 + y2 * _P3))) / (_Q0 + y2 * (_Q1 + y2 * (_Q2 + y2 * (_Q3 + y2))))
    t = _TWO * t / (_ONE + t * t)
    return _TWO * t / (_ONE + t * t)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def mean_square(z: NDArray[np.float32]) -> float:
    """Mean of z^2 over one layer."""
    total = _ZERO
    for i in range(z.size):
        total += z[i] * z[i]
    return float(total / z.size)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def mean_square_activity(code: int, z: NDArray[np.float32], scale: np.float32) -> float:
    """Mean of phi(scale z)^2 over one layer; ``code`` is from ``CODES``."""
    total = _ZERO
    if code == _TANH:
        for i in range(z.size):
            y = _tanh(scale * z[i])
            total += y * y
    elif code == _RELU:
        for i in range(z.size):
            y = max(scale * z[i], _ZERO)
            total += y * y
    else:
        for i in range(z.size):
            y = scale * z[i]
            total += y * y
    return float(total / z.size)


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def activate(code: int, z: NDArray[np.float32]) -> None:
    """Replace z, of any shape flattened to one dimension, by phi(z)."""
    if code == _TANH:
        for i in range(z.size):
            z[i] = _tanh(z[i])
    elif code == _RELU:
        for i in range(z.size):
            z[i] = max(z[i], _ZERO)
