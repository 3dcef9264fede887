"""Are two samplers, or a sampler and an exact law, the same? Tests that respect shared networks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chisquare, ks_2samp
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import ztest

from deepcrit.core.whole import whole_numbers

LEAST_EXPECTED = 25.0  # avalanches in a bin of the chi-square test


def durations_against_law(
    duration: NDArray[np.integer], launched: int, law_alive: NDArray[np.float64]
) -> tuple[float, float]:
    """Chi-square statistic and p-value of durations against an exact law of P(D >= n).

    Args:
        duration: D of the started avalanches, the depth L where censored.
        launched: avalanches launched; those not started have D = 0.
        law_alive: P(D >= n), n = 0..L.

    Raises:
        ValueError: for durations that are no whole numbers up to L.
    """
    depth = len(law_alive) - 1
    whole = whole_numbers("duration", duration)
    if whole.size and (whole.min() < 0 or whole.max() > depth):
        raise ValueError(f"duration: found {whole.min()} to {whole.max()}, expected 0 to the depth {depth} of the law")
    observed = np.bincount(whole, minlength=depth + 1).astype(float)
    observed[0] = launched - len(duration)
    expected = launched * np.append(law_alive[:-1] - law_alive[1:], law_alive[-1])
    # neighbouring durations are pooled until each bin expects enough
    edges = [0]
    running = 0.0
    for n in range(depth + 1):
        running += expected[n]
        if running >= LEAST_EXPECTED and expected[n + 1 :].sum() >= LEAST_EXPECTED:
            edges.append(n + 1)
            running = 0.0
    observed, expected = np.add.reduceat(observed, edges), np.add.reduceat(expected, edges)
    found = chisquare(observed, expected)
    return float(found.statistic), float(found.pvalue)


def survival_by_network(
    avalanches: pd.DataFrame, blocks: pd.DataFrame, layers: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Fraction of each network's inputs with D >= n, shape (networks, layers)."""
    started = avalanches["block"].to_numpy()
    duration = avalanches["duration"].to_numpy()
    counts = [np.bincount(started[duration >= n], minlength=len(blocks)) for n in layers]
    return np.stack(counts, axis=1) / blocks["launched"].to_numpy()[:, None]


def survival_against_law(survival: NDArray[np.float64], expected: NDArray[np.float64]) -> tuple[float, float]:
    """Largest deviation in standard errors between networks, and its p-value with Bonferroni's correction.

    Args:
        survival: from :func:`survival_by_network`, shape (networks, layers).
        expected: P(D >= n) of the exact law at those layers.
    """
    z, p_values = ztest(survival, value=expected)
    return float(np.abs(z).max()), float(multipletests(p_values, method="bonferroni")[1].min())


def same_sizes(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float]:
    """Two-sample Kolmogorov-Smirnov statistic and p-value of sizes of independent avalanches."""
    result = ks_2samp(first, second, method="asymp")
    return float(result.statistic), float(result.pvalue)
