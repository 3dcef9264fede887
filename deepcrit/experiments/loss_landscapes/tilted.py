"""Entropy of the tilted ensemble of losses, which is the rate function of large deviations of their means."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp

from deepcrit.core.arrays import Floats

_NEAR = 0.999  # of the way from the mean to the largest loss, from which a rate beyond is extrapolated
_STEEPEST = 1e8  # beta times the spread of losses, at most


class TiltedEnsemble(NamedTuple):
    """Weights p_k ~ exp(-beta L_k) of samples, under which the mean loss is a threshold.

    Attributes:
        beta: positive for a threshold below the mean loss, negative for one above.
        entropy: ln N less the entropy of p, at least zero; zero where the threshold is the mean.
        extrapolated: whether the threshold is as good as the largest loss or beyond, where there is no such ensemble.
        reason: why there is no value; else empty.
    """

    beta: float
    entropy: float
    extrapolated: bool
    reason: str


def tilted_ensemble(losses: Floats, threshold: float) -> TiltedEnsemble:
    """The ensemble whose mean loss is ``threshold``, and its entropy relative to the uniform one.

    The entropy is the Legendre transform sup_beta (-beta b - ln <exp(-beta L)>), Cramer's rate (Touchette 2009). Beyond
    the largest loss it would be infinite; it is continued along its slope -beta near there, as the paper extrapolates.

    Args:
        losses: of all samples, shape (n,), finite.
        threshold: b.
    """
    low, mean, high = float(losses.min()), float(losses.mean()), float(losses.max())
    if high == low:
        return TiltedEnsemble(np.nan, np.nan, False, "all losses are alike")
    if threshold <= low:
        return TiltedEnsemble(np.nan, np.nan, False, "the threshold is below the smallest loss")
    nearest = mean + _NEAR * (high - mean)
    inside = min(threshold, nearest)
    beta = _beta(losses, inside)
    entropy = _entropy(losses, beta)
    if threshold > nearest:
        return TiltedEnsemble(beta, entropy - beta * (threshold - nearest), True, "")
    return TiltedEnsemble(beta, entropy, False, "")


def _tilted_mean(beta: float, losses: Floats) -> float:
    exponents = -beta * losses
    weights = np.exp(exponents - exponents.max())
    return float(weights @ losses / weights.sum())


def _beta(losses: Floats, threshold: float) -> float:
    """Beta at which the tilted mean is the threshold; the mean falls with it."""
    spread = float(losses.std())
    sign, end = (1.0 if threshold < losses.mean() else -1.0), 1.0 / spread
    while sign * (_tilted_mean(sign * end, losses) - threshold) > 0 and end * spread < _STEEPEST:
        end *= 4.0
    if sign * (_tilted_mean(sign * end, losses) - threshold) > 0:
        return sign * end
    return float(brentq(lambda beta: _tilted_mean(beta, losses) - threshold, 0.0, sign * end, xtol=1e-13 / spread))


def _entropy(losses: Floats, beta: float) -> float:
    exponents = -beta * losses
    log_weights = exponents - logsumexp(exponents)
    return float(np.log(losses.size) + np.exp(log_weights) @ log_weights)


def legendre_rate(losses: Floats, threshold: float, beta: float) -> float:
    """-beta b - ln <exp(-beta L)>, which at the beta of the threshold is the entropy of the tilted ensemble."""
    return float(-beta * threshold - logsumexp(-beta * losses) + np.log(losses.size))
