"""Goodness of fit: the Kolmogorov-Smirnov distance from a fitted law, with a p-value that knows of the fitting."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import kolmogorov

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable.checks import StableError
from deepcrit.stats.stable.fits import StableFit, index_at, likelihood_and_start
from deepcrit.stats.stable.grouping import GroupedValues, group
from deepcrit.stats.stable.kernels import BIN_SHIFT
from deepcrit.stats.stable.laws import survival, upper_quantile
from deepcrit.stats.stable.likelihood import best

Law = tuple[float, float, float]
"""alpha, scale, and location relative to the center of the groups."""

LAWS = ("stable", "normal")


@dataclass(frozen=True)
class StableGoodnessOfFit:
    """Kolmogorov-Smirnov test of a law whose parameters were fitted to the same values.

    Attributes:
        law: 'stable', or 'normal'.
        distance: largest difference of the two distributions over the edges of the bins, both sides of the center
            apart.
        p_value: share of sets drawn from the fitted law, and fitted again, that lie at least as far from their own fit:
            (1 + number) / (1 + replicates).
        naive: p-value of the same distance had the parameters been known beforehand: too large.
        replicates: sets drawn.
        n: values.
    """

    law: str
    distance: float
    p_value: float
    naive: float
    replicates: int
    n: int


def _distance(grouped: GroupedValues, law: Law) -> float:
    """Largest difference between the counted and the law's distribution, at the edges of occupied bins."""
    alpha, scale, location = law
    n = grouped.n
    over = grouped.above[::-1].cumsum()[::-1] / n  # at or above each lower edge
    under = grouped.below[::-1].cumsum()[::-1] / n
    largest = 0.0
    for tail, side in ((over, 1.0), (under, -1.0)):
        at_lower = survival(grouped.lower, alpha, scale, side * location)
        at_upper = survival(grouped.upper, alpha, scale, side * location)
        after = np.append(tail[1:], 0.0)
        largest = max(largest, float(np.abs(tail - at_lower).max()), float(np.abs(after - at_upper).max()))
    return largest


def _bins(alpha: float, scale: float, n: int) -> tuple[Floats, Floats]:
    """Edges of bins of the distance that hold all but 1e-6 of n values, and their probabilities on either side."""
    far = float(upper_quantile(1e-6 / n, alpha, scale))
    ends = np.array([scale * 2.0**-24, far]).view(np.int64) >> BIN_SHIFT
    edges = (np.arange(ends[0], ends[1] + 2) << BIN_SHIFT).view(np.float64)
    edges[0] = 0.0
    inside = -np.diff(survival(edges, alpha, scale))
    return edges, inside / (2 * inside.sum())


def _draw(rng: np.random.Generator, edges: Floats, inside: Floats, n: int) -> GroupedValues:
    """n values of a law centered at zero, as counts."""
    above, below = np.split(rng.multinomial(n, np.concatenate([inside, inside])), 2)
    held = np.flatnonzero(above + below)
    return GroupedValues(0.0, edges[held], edges[held + 1], above[held], below[held])


def _normal_law(grouped: GroupedValues, centered: bool) -> Law:
    """The normal law of the same mean, or of mean zero, and mean square, from the middles of bins."""
    middle = (grouped.lower + grouped.upper) / 2
    mean = 0.0 if centered else float((middle * (grouped.above - grouped.below)).sum()) / grouped.n
    square = float((middle**2 * grouped.folded).sum()) / grouped.n
    return 2.0, math.sqrt((square - mean * mean) / 2), mean


def goodness_of_fit(
    values: ArrayLike | GroupedValues,
    fit: StableFit,
    rng: np.random.Generator,
    law: str = "stable",
    replicates: int = 199,
) -> StableGoodnessOfFit:
    """Test the fitted stable law, or the normal law fitted to the same values, by parametric bootstrap.

    Sets are drawn as counts, so that their cost does not depend on the number of values.

    Args:
        values: any shape, or grouped; values are grouped about the fitted location.
        fit: of these values; tells whether the location was fitted.
        rng: source of randomness.
        law: 'stable' or 'normal'.
        replicates: sets drawn and fitted.

    Raises:
        StableError: an unknown law, a fit that did not converge or is of another number of values, no replicates, or
            values that `group` refuses.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> rng = np.random.default_rng(1)
        >>> values = rng.uniform(-1.0, 1.0, 2000)
        >>> stable.goodness_of_fit(values, stable.fit(values), rng, replicates=19).p_value
        0.05
    """
    if law not in LAWS:
        raise StableError(f"law: found {law!r}, expected one of {', '.join(LAWS)}")
    if replicates < 1:
        raise StableError(f"replicates: found {replicates}, expected at least 1")
    grouped = values if isinstance(values, GroupedValues) else group(values, fit.location)
    if not fit.converged or fit.n != grouped.n:
        raise StableError(f"fit: found one of {fit.n} values, converged: {fit.converged}; expected one of {grouped.n}")
    centered = fit.parameters == 2
    free = np.array([True, True, not centered])

    def stable_law(sample: GroupedValues) -> Law:
        likelihood, _ = likelihood_and_start(sample, not centered)
        start = np.array([math.sqrt(2 - fit.alpha), math.log(fit.scale), 0.0])
        s, log_scale, location = (float(x) for x in best(likelihood, start, free).point)
        return index_at(s), math.exp(log_scale), likelihood.unit * location

    def normal_law(sample: GroupedValues) -> Law:
        return _normal_law(sample, centered)

    refit = stable_law if law == "stable" else normal_law
    fitted = (fit.alpha, fit.scale, fit.location - grouped.center) if law == "stable" else normal_law(grouped)
    distance = _distance(grouped, fitted)
    edges, inside = _bins(fitted[0], fitted[1], grouped.n)
    farther = 0
    for _ in range(replicates):
        sample = _draw(rng, edges, inside, grouped.n)
        farther += _distance(sample, refit(sample)) >= distance
    return StableGoodnessOfFit(
        law=law,
        distance=distance,
        p_value=(1 + farther) / (1 + replicates),
        naive=float(kolmogorov(distance * math.sqrt(grouped.n))),
        replicates=replicates,
        n=grouped.n,
    )
