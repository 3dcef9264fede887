"""Powers of two that keep squares, and Jacobians themselves, within the range of their precision.

Multiplying by a power of two is exact, so that nothing but the range changes; within a moderate range none is needed.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

Exponents = NDArray[np.int64]


def moderate_exponents(values: torch.Tensor) -> Exponents:
    """For values of shape (batch, ...), the exponents e, shape (batch,), that make values / 2^e safe to square and sum.

    Zero where squares are safe as they are, within a third of the exponents of the precision, and where all are zero.
    """
    peak, exponent = _largest(values)
    limit = int(math.log2(torch.finfo(values.dtype).max)) // 3
    return np.where((peak > 0) & (np.abs(exponent) > limit), exponent, 0)


def faint_exponents(values: torch.Tensor) -> Exponents:
    """By which powers of two derivatives, shape (batch, ...), have to be raised to be more than rounding, or zero.

    Values this close to the smallest of their precision, zero among them, may be what is left of larger ones.
    """
    info = torch.finfo(values.dtype)
    threshold = info.tiny / info.eps
    peak, _ = _largest(values)
    return np.where(peak < threshold, -round(math.log2(threshold)), 0).astype(np.int64)


def powers_of_two(exponents: Exponents, like: torch.Tensor) -> torch.Tensor:
    """2^exponents in the precision and shape (batch, 1, ...) that multiply a tensor of shape (batch, ...)."""
    limit = int(math.log2(torch.finfo(like.dtype).max)) - 1
    factors = np.ldexp(1.0, np.clip(exponents, -limit, limit))
    return torch.from_numpy(factors).to(like.device, like.dtype).reshape(-1, *[1] * (like.ndim - 1))


def _largest(values: torch.Tensor) -> tuple[NDArray[np.float64], Exponents]:
    """Largest |x| of every entry of a batch, and its binary exponent."""
    peak = values.detach().flatten(1).abs().amax(dim=1).to("cpu", torch.float64).numpy()
    return peak, np.frexp(peak)[1].astype(np.int64)
