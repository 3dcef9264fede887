"""The crackling-noise ratio (tau_d - 1) / (tau_s - 1) with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from deepcrit.stats.intervals import check_confidence

__all__ = ["RatioInterval", "ratio_interval"]


@dataclass(frozen=True)
class RatioInterval:
    """(tau_d - 1) / (tau_s - 1), its Fieller interval at `confidence`, and whether that is bounded."""

    ratio: float
    ci_low: float
    ci_high: float
    confidence: float
    bounded: bool


def ratio_interval(
    tau_d: float,
    se_d: float,
    tau_s: float,
    se_s: float,
    *,
    covariance: float = 0.0,
    confidence: float = 0.95,
) -> RatioInterval:
    """The ratio that scaling theory equates with gamma (Ghavasieh 2025, Fig. 2), with Fieller's interval.

    The interval holds every r for which (tau_d - 1) - r (tau_s - 1) is compatible with zero. When tau_s - 1
    is itself compatible with zero that set is not an interval; both ends are then infinite and `bounded` is
    False.

    Args:
        tau_d: duration exponent.
        se_d: its standard error.
        tau_s: size exponent.
        se_s: its standard error.
        covariance: of the two estimates. From the same avalanches it is positive, and leaving it at zero
            makes the interval wider than it need be.
        confidence: level of the interval.

    Raises:
        ValueError: values that are not finite, negative errors, a covariance larger than the errors allow, or
            tau_s exactly 1.
    """
    check_confidence(confidence)
    if not np.all(np.isfinite([tau_d, se_d, tau_s, se_s, covariance])):
        raise ValueError("exponents, standard errors and covariance must be finite")
    if se_d < 0 or se_s < 0:
        raise ValueError("standard errors must not be negative")
    if abs(covariance) > se_d * se_s * (1 + 1e-12):
        raise ValueError(f"covariance {covariance} exceeds the product of the standard errors, {se_d * se_s}")
    over, under = tau_d - 1.0, tau_s - 1.0
    if under == 0:
        raise ValueError("tau_s = 1: the ratio has no denominator")
    z2 = float(norm.ppf(0.5 * (1.0 + confidence))) ** 2
    # The interval is where a r**2 - 2 b r + c <= 0.
    a = under**2 - z2 * se_s**2
    b = over * under - z2 * covariance
    c = over**2 - z2 * se_d**2
    if a <= 0:
        return RatioInterval(over / under, -np.inf, np.inf, confidence, bounded=False)
    margin = float(np.sqrt(max(b * b - a * c, 0.0)))
    return RatioInterval(over / under, (b - margin) / a, (b + margin) / a, confidence, bounded=True)
