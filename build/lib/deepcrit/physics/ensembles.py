"""Weight ensembles: entries of one layer's weight matrix, scaled so that width drops out."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike, NDArray

ENSEMBLES = ("gaussian", "uniform", "levy")


def draw_weights(
    ensemble: str,
    shape: tuple[int, int],
    weight_variance: float,
    rng: np.random.Generator,
    *,
    levy_alpha: float = 2.0,
    dtype: DTypeLike = np.float64,
) -> NDArray[np.floating]:
    """Draw one weight matrix W of shape (fan_in, fan_out), to be used as ``z = y @ W``.

    Args:
        ensemble: ``gaussian``: N(0, sw2/fan_in); ``uniform``: the uniform law of the same variance;
            ``levy``: symmetric alpha-stable with scale (D_w / (2 fan_in))^(1/alpha), D_w = sw2^(alpha/2),
            which is the Gaussian ensemble at alpha = 2 (qu2022, common definitions).
        shape: (fan_in, fan_out).
        weight_variance: sw2, dimensionless.
        rng: source of randomness.
        levy_alpha: stability index in (0, 2], used by ``levy`` only.
        dtype: float32 or float64.

    Raises:
        ValueError: for an unknown ensemble or an index outside (0, 2].
    """
    fan_in = shape[0]
    if ensemble == "gaussian":
        return (np.sqrt(weight_variance / fan_in) * rng.standard_normal(shape)).astype(dtype)
    if ensemble == "uniform":
        half_width = np.sqrt(3.0 * weight_variance / fan_in)
        return ((2.0 * rng.random(shape) - 1.0) * half_width).astype(dtype)
    if ensemble == "levy":
        if not 0.0 < levy_alpha <= 2.0:
            raise ValueError(f"levy_alpha: found {levy_alpha}, expected 0 < alpha <= 2")
        scale = (weight_variance ** (levy_alpha / 2.0) / (2.0 * fan_in)) ** (1.0 / levy_alpha)
        return (scale * symmetric_stable(levy_alpha, shape, rng)).astype(dtype)
    raise ValueError(f"ensemble: found {ensemble!r}, expected one of {ENSEMBLES}")


def symmetric_stable(alpha: float, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Symmetric alpha-stable variates with characteristic function exp(-|u|^alpha).

    Chambers, Mallows and Stuck (1976), eq. 4.1 with beta = 0; at alpha = 2 the variance is 2.
    """
    angle = np.pi * (rng.random(shape) - 0.5)
    waiting = rng.standard_exponential(shape)
    if alpha == 1.0:
        return np.tan(angle)
    return (
        np.sin(alpha * angle)
        / np.cos(angle) ** (1.0 / alpha)
        * (np.cos((1.0 - alpha) * angle) / waiting) ** ((1.0 - alpha) / alpha)
    )
