"""Where a series changes from one level to another, and how well that is known."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats
from deepcrit.stats.intervals import likelihood_drop

FLAT = 1e-12  # variance of a series, over its squared size, that is rounding


class Change(NamedTuple):
    """Two levels with a ramp between them, by least squares; NaN where no change is found.

    found              the ramp is better than one level at 5%, three parameters counted
    departure, settled first epoch of the ramp and last, with 95% profile intervals
    before, after      levels
    effective          independent values that the residuals are worth
    """

    found: bool
    departure: float
    departure_low: float
    departure_high: float
    settled: float
    settled_low: float
    settled_high: float
    before: float
    after: float
    effective: float


NO_CHANGE = Change(False, *[math.nan] * 9)


def find_change(epochs: Floats, values: Floats) -> Change:
    """Fit y = before up to the departure, after from where it is settled, and a straight line between.

    Every pair of epochs is tried. Intervals hold the epochs whose best ramp has n_e ln(SSE/SSE_min) up to the 95% point
    of chi-square with one degree of freedom, n_e = n (1 - r)/(1 + r) with r the autocorrelation of the residuals from
    one epoch to the next, if it is positive: what drifts is worth few epochs.

    Args:
        epochs: increasing, shape (n,), n >= 5.
        values: finite, shape (n,).

    Raises:
        ValueError: fewer than five epochs, or values that are not finite.
    """
    n = len(values)
    if n < 5 or not np.isfinite(values).all():
        raise ValueError(f"values: found {n}, finite: {np.isfinite(values).all()}; expected five finite ones or more")
    centred = values - values.mean()
    total = float(centred @ centred)
    if total <= FLAT * n * float((values * values).max()):
        return NO_CHANGE
    errors = np.full((n, n), np.inf)
    for start in range(n - 1):
        ramps = np.clip(
            (epochs[None] - epochs[start]) / (epochs[start + 1 :, None] - epochs[start]), 0, 1
        )  # of every end after this start
        ramps -= ramps.mean(axis=1, keepdims=True)
        errors[start, start + 1 :] = total - (ramps @ centred) ** 2 / (ramps * ramps).sum(axis=1)
    begun, ended = divmod(int(errors.argmin()), n)
    ramp = np.clip((epochs - epochs[begun]) / (epochs[ended] - epochs[begun]), 0, 1)
    slope, before = np.polyfit(ramp, values, 1)
    residual = values - before - slope * ramp
    # a series without noise has no residuals but rounding
    least = max(float(residual @ residual), FLAT * total)
    effective = effective_number(residual)
    if effective * math.log(total / least) <= 2 * likelihood_drop(parameters=3):
        return NO_CHANGE
    within = effective * np.log(np.maximum(errors, least) / least) <= 2 * likelihood_drop()
    departures, ends = (epochs[within.any(axis=axis)] for axis in (1, 0))
    return Change(
        True, float(epochs[begun]), float(departures[0]), float(departures[-1]), float(epochs[ended]), float(ends[0]),
        float(ends[-1]), float(before), float(before + slope), effective,
    )  # fmt: skip


def effective_number(residual: Floats) -> float:
    """Independent values that autocorrelated residuals are worth, three at least."""
    size = float(residual @ residual)
    r = float(residual[1:] @ residual[:-1]) / size if size > 0 else 0.0
    r = min(max(r, 0.0), 0.99)
    return max(3.0, len(residual) * (1 - r) / (1 + r))
