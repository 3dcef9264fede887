"""What inputs lose by sharing a network: intraclass correlation and effective sample size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepcrit.stats.intervals import percentile_interval


@dataclass(frozen=True)
class SharedSample:
    """How much a fraction measured on inputs that share networks is worth.

    Attributes:
        n: inputs in all networks together.
        effective_n: independent inputs that would give the fraction the same variance.
        intraclass_correlation: of the indicator between two inputs of one network.
        ci_low, ci_high: percentile interval of effective_n / n, networks resampled.
    """

    n: int
    effective_n: float
    intraclass_correlation: float
    ci_low: float
    ci_high: float


def shared_sample(
    fractions: NDArray[np.float64], inputs: int, rng: np.random.Generator, replicates: int = 1000
) -> SharedSample:
    """Effective sample size of a fraction from its spread between networks (Kish 1965, design effect).

    Args:
        fractions: fraction of each network's inputs with the property, shape (networks,).
        inputs: inputs of one network.
        rng: for the bootstrap.
        replicates: resamplings.

    Raises:
        ValueError: if fewer than two networks are given, or the fraction is the same in all.
    """
    if len(fractions) < 2:
        raise ValueError(f"fractions: found {len(fractions)} networks, expected at least 2")
    if not fractions.var() > 0.0:
        raise ValueError(f"fractions: found {fractions[0]} in every network, expected a spread between networks")

    def relative_size(sample: NDArray[np.float64]) -> NDArray[np.float64]:
        mean, variance = sample.mean(axis=-1), sample.var(axis=-1, ddof=1)
        return np.divide(mean * (1.0 - mean), inputs * variance, out=np.full_like(mean, np.nan), where=variance > 0)

    relative = float(relative_size(fractions[None, :])[0])
    resampled = relative_size(fractions[rng.integers(0, len(fractions), (replicates, len(fractions)))])
    low, high = percentile_interval(resampled)
    correlation = (1.0 / relative - 1.0) / (inputs - 1)
    n = len(fractions) * inputs
    return SharedSample(n, n * relative, correlation, low, high)
