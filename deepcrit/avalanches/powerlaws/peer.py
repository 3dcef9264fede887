"""The powerlaw package (Alstott, Bullmore and Plenz 2014) beside our fits: the same points, the same range.

Within its limits, version 2.0 being meant:

- Given xmax, its Fit takes real values without it wherever the exponent without xmax exceeds 1.5. Its Power_Law, asked
  for a numerical fit, does not.
- Its standard error ignores xmax, and so is off by half: the error here is from the curvature of its own likelihood.
- Its likelihood of real values is singular at exponent 1, which its optimiser does not cross downwards, and its zeta
  function ends there; its law of whole numbers is one less a number close to one where it starts its search steeply.
  What lies beyond either is not asked.
- Its distance compares left limits, and of whole numbers leaves xmax out of its law: xmin is held to that distance.
- It holds points, not counts, and sorts them for each fit: it sees at most `MOST_POINTS`, taken evenly from the
  ordered sample, so that what it says is held to our fit of the same points.
"""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import powerlaw
from numpy.typing import NDArray
from scipy.special import zeta

from deepcrit.avalanches.powerlaws.continuous import fit_continuous
from deepcrit.avalanches.powerlaws.discrete import fit_discrete
from deepcrit.avalanches.powerlaws.kernels import lattice_cdf
from deepcrit.avalanches.powerlaws.likelihood import PowerLawFit
from deepcrit.avalanches.powerlaws.ranges import MINIMUM_POINTS
from deepcrit.core.arrays import Floats

MOST_POINTS = 100_000
MOST_SCANNED_POINTS = 10_000
"""Of these the package fits one law for each candidate of xmin."""

LEAST_EXPONENT = 1.05
LEAST_TAIL = 1e-9  # of its zeta function, which it takes from one
EXPONENT_TOLERANCE = 3e-4  # its optimiser stops at 1e-4
ERROR_TOLERANCE = 2e-3  # relative; a second difference
DISTANCE_TOLERANCE = 1e-3  # absolute; what an exponent off by its tolerance makes of a distance over several decades
_EXPONENTS = (0.0, 100.0)  # its own bounds end at 3


class PeerError(ValueError):
    """The powerlaw package and ours disagree by more than rounding."""


@dataclass(frozen=True)
class PeerFit:
    """What the powerlaw package says of a sample on [xmin, xmax], and what ours says of the same points.

    The package's numbers are NaN where they are beyond its limits. Fields are columns of the tables of exponents.

    Attributes:
        peer_points: points in range that the package saw, all or evenly taken.
        peer_xmin: of the range; that of least distance, by the package's own definition, where candidates were given.
        peer_exponent: of the package.
        peer_error: from the curvature of the package's likelihood at that exponent.
        own_exponent: maximum-likelihood exponent of the same points, ours.
    """

    peer_points: int
    peer_xmin: float
    peer_exponent: float
    peer_error: float
    own_exponent: float


def thinned(ordered: NDArray[Any], most: int) -> NDArray[Any]:
    """At most so many of an ascending sample, from the middles of as many equal parts; all, if there are no more."""
    if ordered.size <= most:
        return ordered
    return ordered[((np.arange(most) + 0.5) * (ordered.size / most)).astype(np.int64)]


def peer_fit(ordered: NDArray[Any], xmin: float, xmax: float, discrete: bool, minimum: int = MINIMUM_POINTS) -> PeerFit:
    """The package's fit of an ascending sample on a declared range.

    Raises:
        PeerError: naming both values, where exponents or errors differ by more than rounding.
        ValueError: as `fit_continuous` and `fit_discrete`.
    """
    points = thinned(_inside(ordered, xmin, xmax), MOST_POINTS)
    own = _own_fit(points, xmin, xmax, discrete, minimum)
    if not _within_limits(points, own, discrete):
        return PeerFit(points.size, xmin, math.nan, math.nan, own.exponent)
    law = _law(points, xmin, xmax, discrete)
    exponent, error = float(law.alpha), _error(law, 0.05 * own.standard_error)
    _require("exponent", exponent, own.exponent, EXPONENT_TOLERANCE * max(1.0, own.exponent), points, xmin, xmax)
    _require("standard error", error, own.standard_error, ERROR_TOLERANCE * own.standard_error, points, xmin, xmax)
    return PeerFit(points.size, xmin, exponent, error, own.exponent)


def peer_scan(
    ordered: NDArray[Any], candidates: Floats, xmax: float, discrete: bool, minimum: int = MINIMUM_POINTS
) -> PeerFit:
    """The package's choice of xmin among candidates, and its fit above it.

    Exponent and distance are held to ours at every candidate, so that the choice is ours too, up to rounding.

    Raises:
        PeerError: as `peer_fit`, and where distances, by the package's definition, differ by more than rounding.
        ValueError: if no candidate has enough points, or as `fit_continuous` and `fit_discrete`.
    """
    points = thinned(_inside(ordered, float(candidates.min()), xmax), MOST_SCANNED_POINTS)
    distances: dict[float, float] = {}
    for candidate in candidates:
        above = points[points >= candidate]
        if above.size < minimum or above[0] == above[-1]:
            continue
        own = _own_fit(above, candidate, xmax, discrete, minimum)
        if _within_limits(above, own, discrete):
            law = _law(above, candidate, xmax, discrete)
            exponent, distance = float(law.alpha), float(law.D)
            where = (above, candidate, xmax)
            _require("exponent", exponent, own.exponent, EXPONENT_TOLERANCE * max(1.0, own.exponent), *where)
            _require("distance", distance, _left_distance(above, own, discrete), DISTANCE_TOLERANCE, *where)
            distances[float(candidate)] = distance
    if not distances:
        return PeerFit(points.size, math.nan, math.nan, math.nan, math.nan)
    chosen = min(distances, key=lambda candidate: distances[candidate])
    return peer_fit(points, chosen, xmax, discrete, minimum)


def _inside(ordered: NDArray[Any], xmin: float, xmax: float) -> NDArray[Any]:
    return ordered[np.searchsorted(ordered, xmin, "left") : np.searchsorted(ordered, xmax, "right")]


def _own_fit(points: NDArray[Any], xmin: float, xmax: float, discrete: bool, minimum: int) -> PowerLawFit:
    if discrete:
        return fit_discrete(points, int(xmin), int(xmax), minimum=minimum)
    return fit_continuous(points, xmin, xmax, assume_sorted=True, minimum=minimum)


def _within_limits(points: NDArray[Any], own: PowerLawFit, discrete: bool) -> bool:
    """Whether the package can find the exponent of these points; it starts from the estimate without xmax."""
    start = 1 + points.size / float(np.log(points / own.xmin).sum())
    return own.exponent >= LEAST_EXPONENT and not (discrete and zeta(max(start, own.exponent), own.xmin) < LEAST_TAIL)


def _law(points: NDArray[Any], xmin: float, xmax: float, discrete: bool) -> Any:
    """The package's power law, fitted numerically on [xmin, xmax]."""
    with warnings.catch_warnings():
        # of parameters near a bound, of deprecated names, and of roots of nothing while it searches
        warnings.simplefilter("ignore")
        return powerlaw.Power_Law(
            data=points, xmin=xmin, xmax=xmax, discrete=discrete, estimate_discrete=False, force_numerical_fit=True,
            parameter_ranges={"alpha": _EXPONENTS}, verbose=0,
        )  # fmt: skip


def _error(law: Any, step: float) -> float:
    """Standard error from the second difference of the package's log likelihood."""
    exponent = law.alpha

    def likelihood(alpha: float) -> float:
        law.alpha = alpha
        return math.fsum(law.loglikelihoods(law.data))

    below, here, above = (likelihood(exponent + shift) for shift in (-step, 0.0, step))
    law.alpha = exponent
    return step / math.sqrt(2 * here - below - above)


def _left_distance(points: NDArray[Any], fit: PowerLawFit, discrete: bool) -> float:
    """Largest distance of P(X < x) of the points to that of the fitted law, by the package's definition of the law."""
    values, first = np.unique(points.astype(np.float64), return_index=True)
    if discrete:
        below = lattice_cdf(np.append(values, fit.xmax) - 1, fit.exponent, fit.xmin, fit.xmax)
        expected = below[:-1] / below[-1]
    else:
        rate = fit.exponent - 1
        expected = np.expm1(-rate * np.log(values / fit.xmin)) / np.expm1(-rate * math.log(fit.xmax / fit.xmin))
    return float(np.abs(expected - first / points.size).max())


def _require(
    what: str, found: float, own: float, tolerance: float, points: NDArray[Any], xmin: float, xmax: float
) -> None:
    if not abs(found - own) <= tolerance:
        raise PeerError(
            f"{what} of {points.size} points on [{xmin:g}, {xmax:g}]: the powerlaw package found {found:.8g}, "
            f"ours is {own:.8g}, expected them within {tolerance:.1g}"
        )
