"""Maximum likelihood of a symmetric stable law, from values or from grouped values, with profile intervals."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from deepcrit.core.arrays import Floats, Mask
from deepcrit.stats.intervals import likelihood_drop
from deepcrit.stats.stable.checks import SMALLEST_ALPHA, StableError, checked_values
from deepcrit.stats.stable.grouping import GroupedValues, group, quadrature_nodes
from deepcrit.stats.stable.likelihood import FARTHEST, NEAREST, Likelihood, best, profile_end
from deepcrit.stats.stable.newton import Optimum
from deepcrit.stats.stable.quantile_estimate import symmetric_estimate


@dataclass(frozen=True)
class StableFit:
    """A symmetric stable law fitted by maximum likelihood, with profile-likelihood intervals.

    Attributes:
        alpha: estimate of the index of stability.
        scale: estimate, in the unit of the values.
        location: estimate, or where it was held, in that unit.
        alpha_low: lower end of the interval of alpha; 0.5 where the likelihood does not fall far enough before.
        alpha_high: its upper end, 2 likewise.
        scale_low: lower end of the interval of the scale.
        scale_high: its upper end.
        confidence: nominal coverage of the intervals.
        log_likelihood: of all values, densities per unit of the values.
        parameters: fitted: 2, and 3 with a free location.
        n: values.
        normal: the best law is the normal one, at the boundary alpha = 2.
        at_smallest: the best law is at the smallest alpha that is supported.
        converged: the maximum and the ends of the intervals were found; without, none of the numbers counts.
    """

    alpha: float
    scale: float
    location: float
    alpha_low: float
    alpha_high: float
    scale_low: float
    scale_high: float
    confidence: float
    log_likelihood: float
    parameters: int
    n: int
    normal: bool
    at_smallest: bool
    converged: bool


def index_at(coordinate: float) -> float:
    """alpha at sqrt(2 - alpha), exact at the end of the range."""
    return SMALLEST_ALPHA if coordinate == FARTHEST else 2 - coordinate * coordinate


def _fit(
    likelihood: Likelihood, start: Floats, free: Mask, confidence: float, guesses: list[Floats | None]
) -> tuple[StableFit, Optimum, list[Floats | None]]:
    """The fit, its optimum, and the points at the four ends."""
    optimum = best(likelihood, start, free)
    drop = likelihood_drop(confidence)
    ends = []
    if optimum.converged:
        sides = [(0, FARTHEST), (0, NEAREST), (1, -math.inf), (1, math.inf)]
        for (index, bound), guess in zip(sides, guesses, strict=True):
            ends.append(profile_end(likelihood, optimum, free, index, bound, drop, guess))
    converged = optimum.converged and all(end.converged for end in ends)
    s, log_scale, location = (float(x) for x in optimum.point)
    limits = [float(end.point[i]) for end, i in zip(ends, (0, 0, 1, 1), strict=True)] if converged else [math.nan] * 4
    fit = StableFit(
        alpha=index_at(s),
        scale=math.exp(log_scale),
        location=likelihood.unit * location,
        alpha_low=index_at(limits[0]),
        alpha_high=index_at(limits[1]),
        scale_low=math.exp(limits[2]),
        scale_high=math.exp(limits[3]),
        confidence=confidence,
        log_likelihood=optimum.value,
        parameters=int(free.sum()),
        n=int(likelihood.counts.sum()),
        normal=index_at(s) == 2,
        at_smallest=s == FARTHEST,
        converged=converged,
    )
    return fit, optimum, [end.point for end in ends] if converged else [None] * 4


def likelihood_and_start(grouped: GroupedValues, signed: bool) -> tuple[Likelihood, Floats]:
    """Likelihood of grouped values, or of their distances, and where to start from; location is zero there.

    Raises:
        StableError: half of the values or more are at the center, where a likelihood grows without limit.
    """
    if grouped.lower[0] == 0 and 2 * int(grouped.folded[0]) >= grouped.n:
        found = f"{grouped.folded[0]} of {grouped.n} at {grouped.center}"
        raise StableError(f"values: found {found}, the location they are spread about, expected less than half")
    alpha, scale = symmetric_estimate(grouped)
    nodes, counts = quadrature_nodes(grouped, signed)
    return Likelihood(nodes, counts, scale), np.array([math.sqrt(2 - min(alpha, 1.98)), math.log(scale), 0.0])


def fit(values: ArrayLike | GroupedValues, location: float | None = 0.0, confidence: float = 0.95) -> StableFit:
    """Fit alpha, scale and, if asked, location.

    Args:
        values: any shape, or grouped; the likelihood of grouped values is that of their counts, whose maximum is theirs
            to about a hundredth of a standard error, at the cost of bins.
        location: where it is held, or None to fit it too. Grouped values hold it at their center, and have to be
            centered near it to fit it.
        confidence: of the intervals.

    Raises:
        StableError: fewer than 20 values, one that is not finite, all equal; grouped values centered elsewhere than the
            location at which it is to be held.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> values = stable.sample(np.random.default_rng(1), 5000, alpha=1.5, scale=0.02)
        >>> fit = stable.fit(values)
        >>> fit.alpha_low < 1.5 < fit.alpha_high, fit.scale_low < 0.02 < fit.scale_high
        (True, True)
    """
    if not 0 < confidence < 1:
        raise StableError(f"confidence: found {confidence}, expected a number in (0, 1)")
    signed = location is None
    free = np.array([True, True, signed])
    raw = None
    if isinstance(values, GroupedValues):
        grouped = values
        if location is not None and location != grouped.center:
            raise StableError(f"location: found {location}, expected the center of the groups, {grouped.center}")
    else:
        raw = checked_values(values)
        grouped = group(raw, float(np.median(raw)) if location is None else location)
    likelihood, start = likelihood_and_start(grouped, signed)
    found, optimum, ends = _fit(likelihood, start, free, confidence, [None] * 4)
    if raw is not None:
        distances = raw - grouped.center
        likelihood = Likelihood(distances[:, None], np.ones(raw.size), likelihood.unit)
        found, _, _ = _fit(likelihood, optimum.point, free, confidence, ends)
    return replace(found, location=grouped.center + found.location)
