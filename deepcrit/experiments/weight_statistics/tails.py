"""The shape of the tail of many values: a power law against its rivals, all above one xmin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import erfc

from deepcrit.avalanches.powerlaws import compare_alternatives, scan_xmin
from deepcrit.avalanches.powerlaws.xmin import log_spaced_candidates
from deepcrit.core.arrays import Floats
from deepcrit.stats.stable import StableError, fit, group, log_density, survival

_SIGNIFICANCE = 0.05
_RIVALS = ("exponential", "lognormal", "stretched_exponential", "truncated_power_law")
_CANDIDATES = 30
_BINS_PER_DECADE = 6


def tail_shape(
    values: Floats, most: int, least_tail: int, rng: np.random.Generator, largest: float | None = None
) -> dict[str, Any]:
    """Columns of schema ``tail_shapes`` from ``values`` on.

    Args:
        values: any shape; sizes are looked at, and zeros left out.
        most: values fitted, drawn at random if there are more.
        least_tail: values that are at least above xmin.
        rng: of the draw.
        largest: that a size can be, if there is a largest.
    """
    sizes = positive_sizes(values)
    drawn = np.sort(rng.choice(sizes, most, replace=False) if sizes.size > most else sizes)
    row: dict[str, Any] = {"values": sizes.size, "fitted": drawn.size, "tail": 0, "better": "", "heavier": False}
    if drawn.size < 2 * least_tail or np.unique(drawn).size < least_tail:
        return row | {"reason": f"fewer than {2 * least_tail} values, or {least_tail} different ones"}
    unit = float(np.median(drawn))
    x, xmax = drawn / unit, None if largest is None else largest / unit
    candidates = log_spaced_candidates(x[x >= np.quantile(x, 0.01)], _CANDIDATES, least_tail)
    scan = scan_xmin(x, candidates[candidates < (np.inf if xmax is None else xmax)], xmax, None, least_tail, True)
    tail = x[x >= scan.xmin]
    found = compare_alternatives(tail, scan.xmin, xmax, _SIGNIFICANCE, list(_RIVALS), True)
    alpha, ratio = _stable_rival(x, tail, scan.exponent, scan.xmin, xmax)
    better = [one.alternative for one in found if one.preferred == one.alternative]
    if ratio < 0 and erfc(-ratio / math.sqrt(2.0)) < _SIGNIFICANCE:
        better.append("stable")
    return row | {
        "xmin": scan.xmin * unit, "tail": tail.size, "exponent": scan.exponent,
        "distance": float(scan.ks_distances[scan.chosen]), **{one.alternative: one.normalised_ratio for one in found},
        "stable": ratio, "stable_index": alpha, "better": ",".join(better),
        "heavier": found[0].preferred == "power_law", "reason": "",
    }  # fmt: skip


def _stable_rival(x: Floats, tail: Floats, exponent: float, xmin: float, xmax: float | None) -> tuple[float, float]:
    """Index of the symmetric stable law of all sizes, and Vuong's ratio of the power law over it on the tail."""
    try:
        law = fit(group(x, 0.0))
    except StableError:
        return math.nan, math.nan
    if not law.converged:
        return math.nan, math.nan
    beyond = 0.0 if xmax is None else float(survival(xmax, law.alpha, law.scale))
    within = float(survival(xmin, law.alpha, law.scale)) - beyond
    if within <= 0:
        return law.alpha, math.nan
    mass = 1.0 if xmax is None else 1.0 - (xmax / xmin) ** (1.0 - exponent)
    power = math.log((exponent - 1.0) / mass / xmin) - exponent * np.log(tail / xmin)
    pointwise = power - (log_density(tail, law.alpha, law.scale) - math.log(within))
    spread = float(pointwise.std())
    return law.alpha, float(pointwise.mean() / spread * math.sqrt(tail.size)) if spread > 0 else 0.0


def positive_sizes(values: Floats) -> Floats:
    """Sizes of values that are not zero, shape (n,)."""
    sizes = np.abs(np.ravel(values)).astype(np.float64)
    return np.asarray(sizes[sizes > 0])


def log_binned_density(values: Floats) -> tuple[Floats, Floats]:
    """Middles of bins of equal logarithms, and the density of sizes in those that hold any."""
    sizes = positive_sizes(values)
    if not sizes.size:
        return np.empty(0), np.empty(0)
    ends = np.floor(np.log10([sizes.min(), sizes.max()]) * _BINS_PER_DECADE).astype(int)
    edges = 10.0 ** (np.arange(ends[0], ends[1] + 2) / _BINS_PER_DECADE)
    counts = np.histogram(sizes, edges)[0]
    kept = counts > 0
    return np.sqrt(edges[:-1] * edges[1:])[kept], (counts / np.diff(edges) / sizes.size)[kept]
