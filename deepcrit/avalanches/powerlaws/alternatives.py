"""Laws that might describe the data better than a power law, all normalised on the same [xmin, xmax].

Densities in x, up to normalisation, for real values and, restricted to the integers, for counts:

    truncated_power_law     x^-exponent exp(-rate x),              rate >= 0, any exponent
    lognormal               exp(-(ln x - mu)^2 / (2 sigma^2)) / x
    stretched_exponential   x^(beta - 1) exp(-rate x^beta),        beta, rate >= 0
    exponential             exp(-rate x),                          rate >= 0

The power law is the truncated power law at rate = 0. On a declared range it is also the limit of the
lognormal as mu goes to -infinity with sigma^2 / -mu fixed, and of the stretched exponential as beta goes to 0
with rate * beta fixed (for exponents above 1). Maximum likelihood over those families therefore never falls
below the power law's, their log-likelihood ratios are never positive, and where the limit itself is best the
ratio is zero, `at_boundary` is set and the verdict is `undecided`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar
from scipy.special import erfc

from deepcrit.avalanches.powerlaws.kernels import log_moments, power_sum, solve_exponent
from deepcrit.avalanches.powerlaws.quadrature import log_nodes
from deepcrit.avalanches.powerlaws.ranges import (
    MINIMUM_POINTS,
    checked_range,
    counts_in_range,
    sorted_in_range,
)
from deepcrit.avalanches.powerlaws.sums import apply, dot
from deepcrit.core.arrays import Floats

ALTERNATIVE_LAWS = ("truncated_power_law", "lognormal", "stretched_exponential", "exponential")

STEEPEST_STRETCH = 4.0
"""Largest beta of the stretched exponential that is considered."""

CEILING = 1e150
"""Features are capped here, far beyond where the density has vanished, so that their squares stay finite."""


@dataclass(frozen=True)
class LawComparison:
    """A power law against one alternative on the same data and range.

    Attributes:
        parameters: of the alternative, as named in the module's table; rates in 1/x.
        log_likelihood: of the alternative, per unit x or per lattice point.
        loglikelihood_ratio: R = ln L(power law) - ln L(alternative).
        normalised_ratio: R / (sqrt(n) * standard deviation of the pointwise ratio) (Vuong 1989).
        p_value: two-sided Vuong test of R = 0; for the nested truncated power law, the likelihood-ratio test of rate =
            0, whose statistic -2R is an even mixture of zero and chi-square with one degree, because zero is the
            boundary of the rate.
        preferred: 'power_law' or the alternative where p_value is below the significance level, else 'undecided'.
        converged: the optimum was found, inside the limits of search, and its normalisation is accurate.
        at_boundary: the best alternative is the power law itself, as member or limit of the family (or, for the
            exponential, the uniform law).
    """

    alternative: str
    parameters: dict[str, float]
    log_likelihood: float
    loglikelihood_ratio: float
    normalised_ratio: float
    p_value: float
    preferred: str
    converged: bool
    at_boundary: bool
    nested: bool


@dataclass(frozen=True)
class _Data:
    """Points u = ln(x/xmin) with weights (None: one each), the range, and the power law fitted to them."""

    u: Floats
    weights: Floats | None
    n: float
    xmin: float
    xmax: float
    exponent: float
    mean_log: float

    @property
    def discrete(self) -> bool:
        return self.weights is not None

    @property
    def largest(self) -> float:
        return self.xmin * math.exp(float(self.u[-1]))

    def mean(self, values: Floats) -> float:
        total = values.sum() if self.weights is None else dot(self.weights, values)
        return float(total / self.n)


@dataclass(frozen=True)
class _Fitted:
    """An alternative at its optimum: log density = shape(u) - log_z, against dx/xmin or per lattice point."""

    parameters: dict[str, float]
    mean_log_density: float
    log_z: float
    shape: Callable[[Floats], Floats]
    converged: bool
    at_boundary: bool


class _Nodes:
    """The common normalisation, and the power law's mean log-likelihood under it."""

    def __init__(self, data: _Data, refinement: int) -> None:
        self.u, self.log_weight = log_nodes(data.xmin, data.xmax, data.largest, data.discrete, refinement)
        self.log_z = self.normalise(-data.exponent * self.u)[0]
        self.power_law = -data.exponent * data.mean_log - self.log_z

    def normalise(self, log_density: Floats) -> tuple[float, Floats]:
        """ln Z and the probabilities of the nodes, for unnormalised log densities at the nodes."""
        total = self.log_weight + log_density
        top = float(total.max())
        p = np.exp(total - top)
        z = float(p.sum())
        return top + math.log(z), p / z


def _maximise(
    nodes: _Nodes, features: Floats, base: Floats, base_mean: float, means: Floats, start: Floats
) -> tuple[Floats, float, float, bool]:
    """Maximum likelihood of the exponential family base(u) - theta . features(u), the last theta positive.

    features has shape (parameters, nodes), means (their data means) shape (parameters,). The mean
    log-likelihood is concave, so damped Newton from any admissible start converges. Returns theta, mean
    log-likelihood, ln Z, converged.
    """
    theta = start.copy()
    log_z, p = nodes.normalise(base - theta @ features)
    value = base_mean - float(theta @ means) - log_z
    for _ in range(200):
        expected = apply(features, p)
        centred = features - expected[:, None]
        covariance = np.stack([apply(centred, row) for row in centred * p])
        gradient = expected - means
        scale = np.sqrt(np.diag(covariance))
        if not (scale > 0).all():
            return theta, value, log_z, False
        step = np.linalg.lstsq(covariance / np.outer(scale, scale), gradient / scale, rcond=1e-14)[0] / scale
        decrement = float(gradient @ step)
        if decrement < 1e-15:
            return theta, value, log_z, True
        size = 1.0
        if theta[-1] + step[-1] <= 0:
            size = min(1.0, -0.9 * theta[-1] / step[-1])
        while True:
            trial = theta + size * step
            trial_z, trial_p = nodes.normalise(base - trial @ features)
            trial_value = base_mean - float(trial @ means) - trial_z
            if trial_value >= value + 1e-4 * size * decrement:
                break
            size /= 2
            if size < 1e-10:
                return theta, value, log_z, decrement < 1e-10
        theta, value, log_z, p = trial, trial_value, trial_z, trial_p
    return theta, value, log_z, False


def _power_law(data: _Data, nodes: _Nodes, parameters: dict[str, float]) -> _Fitted:
    exponent = data.exponent
    return _Fitted(parameters, nodes.power_law, nodes.log_z, lambda u: -exponent * u, True, True)


def _curved(data: _Data, nodes: _Nodes, curve: Callable[[Floats], Floats]) -> tuple[Floats, float, float, bool] | None:
    """Best x^-a exp(-b curve(u)) with b > 0, or None if b = 0, the power law, is best.

    The likelihood is concave in (a, b), so its slope in b at the power law decides. curve is at most 1 on the
    data.
    """
    mean = data.mean(curve(data.u))
    at_nodes = np.minimum(curve(nodes.u), CEILING)
    _, p = nodes.normalise(-data.exponent * nodes.u)
    if dot(at_nodes, p) <= mean:
        return None
    features = np.stack([nodes.u, at_nodes])
    means = np.array([data.mean_log, mean])
    start = np.array([data.exponent, 0.1])
    best = _maximise(nodes, features, np.zeros(nodes.u.size), 0.0, means, start)
    return best if best[1] > nodes.power_law else None


def _truncated_power_law(data: _Data, nodes: _Nodes) -> _Fitted:
    top = float(data.u[-1])
    found = _curved(data, nodes, lambda u: np.exp(u - top))
    if found is None:
        return _power_law(data, nodes, {"exponent": data.exponent, "rate": 0.0})
    (a, b), value, log_z, converged = found
    parameters = {"exponent": float(a), "rate": float(b) / data.largest}
    return _Fitted(parameters, value, log_z, lambda u: -a * u - b * np.exp(u - top), converged, False)


def _lognormal(data: _Data, nodes: _Nodes) -> _Fitted:
    top = float(data.u[-1])
    found = _curved(data, nodes, lambda u: (u / top) ** 2)
    if found is None:
        return _power_law(data, nodes, {"mu": -math.inf, "sigma": math.inf})
    (a, b), value, log_z, converged = found
    variance = top * top / (2 * float(b))
    parameters = {"mu": math.log(data.xmin) + (1 - float(a)) * variance, "sigma": math.sqrt(variance)}
    return _Fitted(parameters, value, log_z, lambda u: -a * u - b * (u / top) ** 2, converged, False)


def _exponential(data: _Data, nodes: _Nodes) -> _Fitted:
    top = float(data.u[-1])
    mean = data.mean(np.exp(data.u - top))
    features = np.minimum(np.exp(nodes.u - top), CEILING)[None, :]
    base = np.zeros(nodes.u.size)
    log_z, p = nodes.normalise(base)
    if dot(features[0], p) <= mean:
        return _Fitted({"rate": 0.0}, -log_z, log_z, lambda u: np.zeros_like(u), True, True)
    start = np.array([1.0 / (mean - math.exp(-top)) if mean > math.exp(-top) else 1.0])
    (b,), value, log_z, converged = _maximise(nodes, features, base, 0.0, np.array([mean]), start)
    return _Fitted({"rate": float(b) / data.largest}, value, log_z, lambda u: -b * np.exp(u - top), converged, False)


def _stretched_exponential(data: _Data, nodes: _Nodes) -> _Fitted:
    """Profile over beta, in w = ((x/xmin)^beta - 1)/beta.

    There the law is exponential with rate c >= 0; beta = 0 is the power law.
    """

    def boxcox(u: Floats, beta: float) -> Floats:
        with np.errstate(over="ignore"):
            w = u if beta == 0 else np.expm1(beta * u) / beta
        return np.minimum(w, CEILING)

    profile: dict[float, tuple[float, float, float, bool]] = {}

    def at(beta: float) -> tuple[float, float, float, bool]:
        """c, mean log-likelihood, ln Z, converged."""
        if beta not in profile:
            mean = float(power_sum(data.u, beta) / data.n) if data.weights is None else data.mean(boxcox(data.u, beta))
            base = (beta - 1) * nodes.u
            base_mean = (beta - 1) * data.mean_log
            features = boxcox(nodes.u, beta)[None, :]
            log_z, p = nodes.normalise(base)
            if math.isfinite(data.xmax) and dot(features[0], p) <= mean:
                profile[beta] = 0.0, base_mean - log_z, log_z, True
            else:
                means = np.array([mean])
                (c,), value, log_z, converged = _maximise(nodes, features, base, base_mean, means, 1 / means)
                profile[beta] = float(c), value, log_z, converged
        return profile[beta]

    grid = STEEPEST_STRETCH * np.linspace(0, 1, 7) ** 2
    values = [at(float(beta))[1] for beta in grid]
    peak = int(np.argmax(values))
    bracket = float(grid[max(peak - 1, 0)]), float(grid[min(peak + 1, grid.size - 1)])
    minimize_scalar(lambda beta: -at(float(beta))[1], bounds=bracket, method="bounded", options={"xatol": 1e-6})
    beta = max(profile, key=lambda b: profile[b][1])
    c, value, log_z, converged = profile[beta]
    if value <= nodes.power_law or beta == 0:
        return _power_law(data, nodes, {"rate": math.inf, "beta": 0.0})
    parameters = {"rate": c / (beta * data.xmin**beta), "beta": beta}
    inside = converged and beta < STEEPEST_STRETCH * (1 - 1e-5)
    return _Fitted(parameters, value, log_z, lambda u: (beta - 1) * u - c * boxcox(u, beta), inside, c == 0.0)


_FITS: dict[str, Callable[[_Data, _Nodes], _Fitted]] = {
    "truncated_power_law": _truncated_power_law,
    "lognormal": _lognormal,
    "stretched_exponential": _stretched_exponential,
    "exponential": _exponential,
}


def compare_alternatives(
    values: ArrayLike,
    xmin: float,
    xmax: float | None,
    significance: float = 0.1,
    alternatives: Sequence[str] = ALTERNATIVE_LAWS,
    assume_sorted: bool = False,
    discrete: bool = False,
    counts: ArrayLike | None = None,
) -> list[LawComparison]:
    """Likelihood-ratio comparisons of the power law with each alternative, on the same data and range.

    Laws of real values are normalised by their integral, those of whole numbers by their sum over the integers of
    [xmin, xmax]. Every point enters: nothing is binned or subsampled. Clauset, Shalizi and Newman (2009), section 5;
    Vuong (1989).

    p-values suppose independent points.

    Args:
        values: shape (points,): real, or whole numbers; with counts, distinct ascending whole numbers.
        xmin: smallest value of the range.
        xmax: largest, or None for no end.
        significance: p-value below which one of two laws is preferred.
        alternatives: names, of `ALTERNATIVE_LAWS`.
        assume_sorted: skips the sort of real values, which must then be ascending.
        discrete: whether values are whole numbers, as they are wherever counts are given.
        counts: how often each value occurs, of whole numbers alone; None for once each.

    Raises:
        ValueError: as `fit_discrete` and `fit_continuous` do, and for an unknown alternative or a significance outside
            (0, 1).

    Examples:
        >>> import numpy as np
        >>> from deepcrit import compare_alternatives, sample_discrete
        >>> durations = sample_discrete(np.random.default_rng(1), 5000, 1.5, 1, 1000)
        >>> compared = compare_alternatives(durations, 1, 1000, discrete=True)
        >>> {law.alternative: law.preferred for law in compared}["exponential"]
        'power_law'
    """
    unknown = [name for name in alternatives if name not in _FITS]
    if unknown:
        raise ValueError(f"alternatives must be among {ALTERNATIVE_LAWS}, got {unknown}")
    if not 0 < significance < 1:
        raise ValueError(f"significance must lie between 0 and 1, got {significance}")
    data = _prepare(values, counts, xmin, xmax, assume_sorted, discrete or counts is not None)
    return [_compare(name, data, significance) for name in alternatives]


def _prepare(
    values: ArrayLike, counts: ArrayLike | None, xmin: float, xmax: float | None, assume_sorted: bool, discrete: bool
) -> _Data:
    low, high = checked_range(xmin, xmax, discrete)
    weights: Floats | None = None
    if not discrete:
        x = sorted_in_range(values, low, high, MINIMUM_POINTS, assume_sorted)
        n = float(x.size)
    else:
        x, weights = counts_in_range(values, counts, low, high, MINIMUM_POINTS)
        n = float(weights.sum())
    u = np.log(x / low)
    mean_log = float((u.sum() if weights is None else dot(weights, u)) / n)
    exponent = float(solve_exponent(mean_log, low, high, weights is not None))
    return _Data(u, weights, n, low, high, exponent, mean_log)


def _fit(name: str, data: _Data) -> tuple[_Fitted, _Nodes]:
    """The alternative, on nodes fine enough that refining them changes neither normalisation."""
    exact = log_moments(data.exponent, data.xmin, data.xmax, data.discrete)[0]
    tolerance = max(1e-11, min(1e-8, 1e-3 / data.n))
    nodes = _Nodes(data, 0)
    for refinement in range(1, 5):
        fitted = _FITS[name](data, nodes)
        finer = _Nodes(data, refinement)
        change = abs(finer.normalise(fitted.shape(finer.u))[0] - fitted.log_z)
        if change < tolerance and abs(nodes.log_z - exact) < tolerance:
            return fitted, nodes
        nodes = finer
    fitted = _FITS[name](data, nodes)
    unsettled = _Fitted(
        fitted.parameters, fitted.mean_log_density, fitted.log_z, fitted.shape, False, fitted.at_boundary
    )
    return unsettled, nodes


def _compare(name: str, data: _Data, significance: float) -> LawComparison:
    fitted, nodes = _fit(name, data)
    ratio = data.n * (nodes.power_law - fitted.mean_log_density)
    pointwise = -data.exponent * data.u - fitted.shape(data.u)
    spread = math.sqrt(max(data.mean((pointwise - data.mean(pointwise)) ** 2), 0.0))
    normalised = ratio / (math.sqrt(data.n) * spread) if spread > 0 and ratio != 0 else 0.0
    nested = name == "truncated_power_law"
    if ratio == 0:
        p_value = 1.0
    elif nested:
        p_value = 0.5 * float(erfc(math.sqrt(-ratio)))
    else:
        p_value = float(erfc(abs(normalised) / math.sqrt(2)))
    preferred = "undecided"
    if p_value < significance:
        preferred = "power_law" if ratio > 0 else name
    unit = 0.0 if data.discrete else math.log(data.xmin)
    return LawComparison(
        alternative=name,
        parameters=fitted.parameters,
        log_likelihood=data.n * (fitted.mean_log_density - unit),
        loglikelihood_ratio=ratio,
        normalised_ratio=normalised,
        p_value=p_value,
        preferred=preferred,
        converged=fitted.converged,
        at_boundary=fitted.at_boundary,
        nested=nested,
    )
