"""Stimulus-response curves and their dynamic range (vock2025, Methods)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import binom

from deepcrit.core.arrays import Floats

# beyond this share of the largest response the weakest stimulus is no longer "spontaneous": what is left of the curve
# is chaos, whose first crossings of 10% and 90% mean nothing
SATURATED = 0.5


class DynamicRange(NamedTuple):
    """Stimuli and responses at 10% and 90%, and 10 log10 of the ratio of these stimuli, in dB; NaN where undefined."""

    stimuli: tuple[float, float]
    responses: tuple[float, float]
    decibels: float


def dynamic_range(log10_stimuli: Floats, responses: Floats) -> DynamicRange:
    """Delta = 10 log10(s_0.9 / s_0.1), s_x the weakest stimulus with the response r_0 + x (r_max - r_0).

    r_0 is the response to the weakest stimulus, r_max the largest of all. Responses are interpolated linearly in the
    logarithm of the stimulus.

    Args:
        log10_stimuli: ascending, shape (stimuli,).
        responses: shape (stimuli,), in any unit.
    """
    lowest, highest = responses[0], responses.max()
    if lowest > SATURATED * highest:
        return DynamicRange((np.nan, np.nan), (np.nan, np.nan), np.nan)
    levels = [lowest + share * (highest - lowest) for share in (0.1, 0.9)]
    places = []
    for level in levels:
        k = int(np.argmax(responses >= level))
        part = (level - responses[k - 1]) / (responses[k] - responses[k - 1])
        places.append(log10_stimuli[k - 1] + part * (log10_stimuli[k] - log10_stimuli[k - 1]))
    low, high = places
    return DynamicRange((float(10**low), float(10**high)), (float(levels[0]), float(levels[1])), 10.0 * (high - low))


def typical(ranges: Floats) -> float:
    """Median range of the networks that have one; NaN where half of them or more have none."""
    known = ranges[np.isfinite(ranges)]
    return float(np.median(known)) if 2 * len(known) > len(ranges) else np.nan


def median_interval(ranges: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """Order statistics that hold the median of such networks, whatever its law; unbounded for fewer than six."""
    known = np.sort(ranges[np.isfinite(ranges)])
    rank = int(binom.ppf(0.5 - confidence / 2, len(known), 0.5))
    return (float(known[rank - 1]), float(known[-rank])) if rank > 0 else (-np.inf, np.inf)
