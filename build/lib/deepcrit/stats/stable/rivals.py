"""Other symmetric laws, fitted by maximum likelihood to grouped distances d = |value - location|.

With the scale s, densities of a value are

    normal               exp(-d^2/(4 s^2)) / (2 s sqrt(pi)), of variance 2 s^2 as the stable law at alpha = 2
    student_t            C (1 + d^2/(dof s^2))^(-(dof + 1)/2) / s
    generalised_normal   shape exp(-(d/s)^shape) / (2 s Gamma(1/shape))
    lognormal            exp(-(ln d - mean_log)^2/(2 sd_log^2)) / (2 d sd_log sqrt(2 pi)), a lognormal distance

and their likelihood is that of counts, the mean of the density over the nodes of each bin.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable.newton import Optimum, maximise

Derivatives = tuple[Floats, Floats, Floats]
"""Log density, shape (...), with first, (2, ...), and second derivatives, (3, ...), by shape and ln scale."""

RIVALS = ("normal", "student_t", "generalised_normal", "lognormal")

HEAVIEST = 10.0
"""Largest 1/dof of Student's t that is considered."""

SHAPES = (0.1, 20.0)
"""Shapes of the generalised normal law that are considered."""


@dataclass(frozen=True)
class Rival:
    """A rival at its maximum: ln of its density averaged over each bin, shape (bins,)."""

    estimates: dict[str, float]
    log_densities: Floats
    shape_parameters: int
    converged: bool
    at_boundary: bool


def log_mean(log_values: Floats) -> Floats:
    """ln of the mean over the last axis of exp."""
    top = log_values.max(axis=-1)
    with np.errstate(under="ignore"):
        return np.asarray(top + np.log(np.exp(log_values - top[..., None]).mean(axis=-1)), np.float64)


def _normal(d: Floats, counts: Floats) -> Rival:
    def logs(scale: float) -> Floats:
        return -0.5 * math.log(4 * math.pi) - math.log(scale) - (d / scale) ** 2 / 4

    scale = math.sqrt(float((counts * (d * d).mean(axis=1)).sum() / counts.sum()) / 2)
    for _ in range(2):  # the second moment within bins, under the law itself
        weights = np.exp(logs(scale) - log_mean(logs(scale))[:, None])
        scale = math.sqrt(float((counts * (weights * d * d).mean(axis=1)).sum() / counts.sum()) / 2)
    return Rival({"scale": scale}, log_mean(logs(scale)), 0, True, False)


def _lognormal(d: Floats, counts: Floats) -> Rival:
    u = np.log(d)

    def logs(mean: float, sd: float) -> Floats:
        return -math.log(2 * sd * math.sqrt(2 * math.pi)) - u - ((u - mean) / sd) ** 2 / 2

    n = counts.sum()
    weights = np.ones_like(u)
    mean = sd = 0.0
    for _ in range(3):
        share = weights * counts[:, None] / (n * u.shape[1])
        mean = float((share * u).sum())
        sd = math.sqrt(float((share * (u - mean) ** 2).sum()))
        weights = np.exp(logs(mean, sd) - log_mean(logs(mean, sd))[:, None])
    return Rival({"mean_log": mean, "sd_log": sd}, log_mean(logs(mean, sd)), 1, True, False)


def _log_ratio(t: Floats) -> Derivatives:
    """L(t) = ln(1 + t)/t and its first two derivatives, t >= 0; power series where the quotients cancel."""
    small = t < 0.03
    s = np.where(small, t, 0.0)
    k = np.arange(12)
    coefficients = (-1.0) ** k / (k + 1)
    series = [np.polynomial.polynomial.polyval(s, np.polynomial.polynomial.polyder(coefficients, m)) for m in range(3)]
    large = np.where(small, 1.0, t)
    value = np.log1p(large) / large
    first = (1 / (1 + large) - value) / large
    second = (-1 / (1 + large) ** 2 - 2 * first) / large
    return tuple(np.where(small, a, b) for a, b in zip(series, (value, first, second), strict=True))  # type: ignore[return-value]


def _student_norm(q: float) -> tuple[float, float, float]:
    """ln Gamma((dof + 1)/2) - ln Gamma(dof/2) - ln(dof/2)/2 and its first two derivatives by q = 1/dof."""
    if q < 0.02:
        return (
            -q / 4 + q**3 / 24 - q**5 / 20,
            -1 / 4 + q**2 / 8 - q**4 / 4,
            q / 4 - q**3,
        )
    a = 0.5 / q
    slope, bend = -0.5 / q**2, 1 / q**3
    first = float(digamma(a + 0.5) - digamma(a)) - 0.5 / a
    second = float(polygamma(1, a + 0.5) - polygamma(1, a)) + 0.5 / a**2
    value = float(gammaln(a + 0.5) - gammaln(a)) - 0.5 * math.log(a)
    return value, first * slope, second * slope**2 + first * bend


def student_t(d: Floats, q: float, log_scale: float) -> Derivatives:
    """Student's t with dof = 1/q, q = 0 the normal law: derivatives by q and ln scale."""
    v = d * d * math.exp(-2 * log_scale)
    t = q * v
    ratio, ratio_first, ratio_second = _log_ratio(t)
    norm, norm_first, norm_second = _student_norm(q)
    half = (1 + q) / 2
    value = norm - 0.5 * math.log(2 * math.pi) - log_scale - half * v * ratio
    pull = v / (1 + t)
    by_q = norm_first - v * ratio / 2 - half * v * v * ratio_first
    by_scale = (1 + q) * pull - 1
    by_q_twice = norm_second - v * v * ratio_first - half * v**3 * ratio_second
    crossed = pull - (1 + q) * pull * pull
    by_scale_twice = -2 * (1 + q) * pull / (1 + t)
    return value, np.stack([by_q, by_scale]), np.stack([by_q_twice, crossed, by_scale_twice])


def generalised_normal(d: Floats, log_shape: float, log_scale: float) -> Derivatives:
    """The generalised normal law: derivatives by ln shape and ln scale."""
    shape = math.exp(log_shape)
    log_z = np.log(np.maximum(d, 1e-300)) - log_scale
    y = np.exp(shape * log_z)
    power = shape * log_z
    psi, trigamma = float(digamma(1 / shape)), float(polygamma(1, 1 / shape))
    value = log_shape - math.log(2) - log_scale - float(gammaln(1 / shape)) - y
    first = np.stack([1 + psi / shape - y * power, shape * y - 1])
    second = np.stack(
        [
            -trigamma / shape**2 - psi / shape - y * power * (power + 1),
            shape * y * (1 + power),
            -(shape**2) * y,
        ]
    )
    return value, first, second


def _climb(
    law: Callable[[Floats, float, float], Derivatives],
    d: Floats,
    counts: Floats,
    start: tuple[float, float],
    shapes: tuple[float, float],
) -> Optimum:
    """Maximum of a law's grouped likelihood over shape and ln scale."""

    def likelihood(point: Floats) -> tuple[float, Floats, Floats]:
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            value, first, second = law(d, float(point[0]), float(point[1]))
            averaged = log_mean(value)
            share = np.exp(value - averaged[:, None]) / d.shape[1]
            gradient = (share * first).sum(axis=2)  # of each bin, shape (2, bins)
            pairs = ((0, 0), (0, 1), (1, 1))
            bend = [
                (share * (second[k] + first[i] * first[j])).sum(axis=1) - gradient[i] * gradient[j]
                for k, (i, j) in enumerate(pairs)
            ]
            a, b, c = (float((counts * one).sum()) for one in bend)
            total = float((counts * averaged).sum())
        return total, (counts * gradient).sum(axis=1), np.array([[a, b], [b, c]])

    lower, upper = np.array([shapes[0], -math.inf]), np.array([shapes[1], math.inf])
    return maximise(likelihood, np.array(start), np.array([True, True]), lower, upper)


def _student(d: Floats, counts: Floats, middle: float) -> Rival:
    found = _climb(student_t, d, counts, (0.2, math.log(middle / 0.7)), (0.0, HEAVIEST))
    q, log_scale = (float(x) for x in found.point)
    estimates = {"dof": 1 / q if q > 0 else math.inf, "scale": math.exp(log_scale)}
    logs = log_mean(student_t(d, q, log_scale)[0])
    return Rival(estimates, logs, 1, found.converged, q in (0.0, HEAVIEST))


def _generalised(d: Floats, counts: Floats, middle: float) -> Rival:
    low, high = math.log(SHAPES[0]), math.log(SHAPES[1])
    found = _climb(generalised_normal, d, counts, (math.log(1.5), math.log(middle)), (low, high))
    log_shape, log_scale = (float(x) for x in found.point)
    estimates = {"shape": math.exp(log_shape), "scale": math.exp(log_scale)}
    logs = log_mean(generalised_normal(d, log_shape, log_scale)[0])
    return Rival(estimates, logs, 1, found.converged, log_shape in (low, high))


def fit_rival(rival: str, d: Floats, counts: Floats) -> Rival:
    """Fit one of `RIVALS` to distances at the nodes of bins, shape (bins, nodes), with counts of shape (bins,)."""
    if rival == "normal":
        return _normal(d, counts)
    if rival == "lognormal":
        return _lognormal(d, counts)
    order = np.argsort(d[:, 0])
    reached = np.cumsum(counts[order])
    middle = float(d[order[np.searchsorted(reached, reached[-1] / 2)], 0])
    return _student(d, counts, middle) if rival == "student_t" else _generalised(d, counts, middle)
