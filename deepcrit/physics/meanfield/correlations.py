"""Two inputs in one infinitely wide network: the map of their correlation, and how deep it is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from deepcrit.physics.activations import activation as activation_of
from deepcrit.physics.meanfield.bending import bending
from deepcrit.physics.meanfield.moments import half_line_rule
from deepcrit.physics.meanfield.steady_state import steady_state

_ANGLES = 40
_RADIUS, _RADIAL_WEIGHTS = half_line_rule(64)
_RADIAL_WEIGHTS = _RADIAL_WEIGHTS * _RADIUS * np.sqrt(0.5 * np.pi)  # of r exp(-r^2 / 2) on r > 0
_ON_THE_EDGE = 1e-9  # chi_1 - 1 below which identical inputs stay identical
_DEPTHS_ITERATED = 6.0  # after which a deviation is e^-6 of what it was
_NEARLY_ONE = 1.0 - 1e-9
_ROUNDING = 1e-9  # by which a correlation may lie outside [-1, 1]


def correlation_map(c: float, q: float, weight_variance: float, bias_variance: float, activation: str) -> float:
    """Correlation of two inputs one layer on, both of steady variance q > 0: (sw2 E[phi phi'] + sb2) / q.

    Here phi and phi' are of two normal variables of variance q and correlation c in [-1, 1].

    Raises:
        ValueError: for another correlation or variance.
    """
    return (weight_variance * _pair_average(activation_of(activation), c, q) + bias_variance) / q


def correlation_slope(c: float, q: float, weight_variance: float, activation: str) -> float:
    """Derivative of the correlation map, sw2 E[phi'(z_a) phi'(z_b)].

    Raises:
        ValueError: for a correlation outside [-1, 1] or a variance that is not positive and finite.
    """
    return weight_variance * _pair_average(bending(activation).slope, c, q)


def stable_correlation(weight_variance: float, bias_variance: float, activation: str) -> tuple[float, float]:
    """Correlation that two inputs settle at, and 1/zeta_c, the rate at which deviations from it decay with depth.

    In the ordered phase, chi_1 <= 1, it is one; in the chaotic phase the map, which is convex on [0, 1], has one other
    fixed point below.

    Raises:
        ValueError: where the steady variance is zero or infinite, and correlations mean nothing.

    Examples:
        >>> from deepcrit import stable_correlation
        >>> correlation, rate = stable_correlation(2.0, 0.05, "tanh")
        >>> print(f"{correlation:.3f}, deviations from it fall by e in {1 / rate:.0f} layers")
        0.744, deviations from it fall by e in 25 layers
    """
    state = steady_state(weight_variance, bias_variance, activation)
    q = float(state.q)
    if not 0 < q < np.inf:
        raise ValueError(f"weight_variance: found {weight_variance} with steady variance {q}, expected it in (0, inf)")

    def growth(c: float) -> float:
        return correlation_map(c, q, weight_variance, bias_variance, activation) - c

    if state.chi_1 <= 1.0 + _ON_THE_EDGE:
        settled = 1.0
    elif growth(0.0) <= 1e-15:
        settled = 0.0
    else:
        settled = float(brentq(growth, 0.0, _NEARLY_ONE, xtol=1e-13))
    return settled, float(-np.log(correlation_slope(settled, q, weight_variance, activation)))


def decay_rate(weight_variance: float, bias_variance: float, activation: str, longest: int) -> float:
    """1/zeta_c once more, by iterating the correlation map from a correlation nearby until it has all but settled.

    NaN if that takes more than ``longest`` layers, as it does close to the edge of chaos and, where the decay is no
    exponential, on it.
    """
    settled, inverse_depth = stable_correlation(weight_variance, bias_variance, activation)
    if inverse_depth * longest < _DEPTHS_ITERATED:
        return float("nan")
    q = float(steady_state(weight_variance, bias_variance, activation).q)
    c = settled - 0.1 if settled > 0.5 else settled + 0.1
    before = c
    for _ in range(int(np.ceil(_DEPTHS_ITERATED / inverse_depth))):
        before, c = c, correlation_map(c, q, weight_variance, bias_variance, activation)
    return float(np.log((before - settled) / (c - settled)))


def _pair_average(f: Callable[[NDArray[Any]], NDArray[Any]], c: float, q: float) -> float:
    """E[f(z_a) f(z_b)] over normal variables of variance q and correlation c.

    In polar coordinates z_a = sqrt(q) r cos(t) and z_b = sqrt(q) r cos(t - a) with c = cos(a): both are of one sign on
    four arcs, so that a kink of f at zero lies on none.

    Raises:
        ValueError: for a correlation or variance that cannot be.
    """
    if not (abs(c) <= 1.0 + _ROUNDING and 0.0 < q < np.inf):
        raise ValueError(f"found correlation {c} and variance {q}, expected them in [-1, 1] and (0, inf)")
    a = float(np.arccos(np.clip(c, -1.0, 1.0)))
    nodes, weights = np.polynomial.legendre.leggauss(_ANGLES)
    ends = np.array([a - 0.5 * np.pi, 0.5 * np.pi, a + 0.5 * np.pi, 1.5 * np.pi, a + 1.5 * np.pi])
    half = 0.5 * np.diff(ends)[:, None]
    t = (ends[:-1, None] + half * (1.0 + nodes)).ravel()
    r = np.sqrt(q) * _RADIUS
    product = f(np.cos(t)[:, None] * r) * f(np.cos(t - a)[:, None] * r)
    return float((half * weights).ravel() @ product @ _RADIAL_WEIGHTS / (2.0 * np.pi))
