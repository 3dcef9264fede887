"""How strong signals are in infinitely wide networks of stable weights (qu2022, Eqs. 4 and 5).

Weights S_alpha((D_w/2N)^(1/alpha)) and biases S_alpha((D_b/2)^(1/alpha)) make the pre-activations of a layer stable,
z ~ S_alpha((q/2)^(1/alpha)), with a pseudolength q that the next layer turns into

    q' = D_w E|phi(z)|^alpha + D_b.

The gain is g = D_w^(1/alpha). For alpha < 2 the gain of small signals, E|phi(z)|^alpha/q ~ K ln(1/q) with
K = phi'(0)^alpha c_alpha/alpha, has no limit: q* > 0 at every D_w, and there is no sharp transition.
"""

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import gamma

from deepcrit.physics.heavytails.checks import LEAST_ALPHA, HeavyTailsError, Sigmoid, checked_gain, sigmoid
from deepcrit.stats import stable
from deepcrit.stats.stable.checks import checked_alpha

_NEGLIGIBLE = 0.01
"""Fixed point at which the ordered phase is said to end (qu2022, section D)."""

_STEP = 0.1  # of ln z, in which the integrand is analytic to pi/4 off the real line: e^(-2 pi (pi/4) / 0.1) is left
_STRAIGHT = -60.0  # ln q below which E|phi|^alpha/q is linear in ln q


def scale_of(q: float, alpha: float) -> float:
    """Scale (q/2)^(1/alpha) of pre-activations of pseudolength q."""
    return float((q / 2) ** (1 / alpha))


def tail_constant(alpha: float) -> float:
    """c_alpha = Gamma(1 + alpha) sin(pi alpha/2)/pi: the density of S_alpha(1) tends to c_alpha |x|^-(1 + alpha)."""
    return float(gamma(1 + alpha) * math.sin(math.pi * (2 - alpha) / 2) / math.pi)


def mean_power(q: float, alpha: float, activation: str | Sigmoid = "tanh") -> float:
    """E|phi(z)|^alpha over z ~ S_alpha((q/2)^(1/alpha)), q > 0, relative error below 1e-7.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: an activation that is not sigmoidal, q that is not positive and finite.
    """
    alpha, phi = checked_alpha(alpha, LEAST_ALPHA), sigmoid(activation).phi
    if not 0 < q < math.inf:
        raise HeavyTailsError(f"q: found {q}, expected a positive, finite pseudolength")
    scale = scale_of(q, alpha)
    first = min(math.log(scale), 0.0) - 40 / (1 + alpha)
    z = np.exp(np.arange(first, max(math.log(scale), 0.0) + 36 / alpha, _STEP))
    return float(2 * _STEP * (z * stable.density(z, alpha, scale) * np.abs(phi(z)) ** alpha).sum())


def next_pseudolength(
    q: float, alpha: float, gain: float, bias: float = 0.0, activation: str | Sigmoid = "tanh"
) -> float:
    """Pseudolength one layer on, D_w E|phi|^alpha + D_b, with D_w = gain^alpha and bias D_b (Eq. 5).

    Raises:
        StableError, HeavyTailsError: as `mean_power` and `fixed_point`.
    """
    alpha, gain = checked_alpha(alpha, LEAST_ALPHA), checked_gain(gain)
    return gain**alpha * mean_power(q, alpha, activation) + _checked_bias(bias)


def _checked_bias(bias: float) -> float:
    if not 0 <= bias < math.inf:
        raise HeavyTailsError(f"bias: found {bias}, expected D_b that is finite and not negative")
    return float(bias)


def _amplification(log_q: float, alpha: float, activation: str | Sigmoid) -> float:
    """E|phi|^alpha/q, which falls as q grows."""
    if log_q >= _STRAIGHT:
        q = math.exp(log_q)
        return mean_power(q, alpha, activation) / q
    slope = math.exp(-float(sigmoid(activation).decay(np.zeros(1))[0]) / 2)
    rise = slope**alpha * tail_constant(alpha) / alpha
    return _amplification(_STRAIGHT, alpha, activation) + rise * (_STRAIGHT - log_q)


def fixed_point(alpha: float, gain: float, bias: float = 0.0, activation: str | Sigmoid = "tanh") -> float:
    """The stable fixed point q* of the map; zero where it is below the smallest float.

    Args:
        alpha: index of stability, from 1 to 2.
        gain: g = D_w^(1/alpha).
        bias: D_b.
        activation: name or sigmoid.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: for another argument outside its range.
    """
    alpha, gain, bias = checked_alpha(alpha, LEAST_ALPHA), checked_gain(gain), _checked_bias(bias)
    weight = gain**alpha

    def excess(log_q: float) -> float:
        return weight * _amplification(log_q, alpha, activation) + bias * math.exp(-log_q) - 1

    slope = math.exp(-float(sigmoid(activation).decay(np.zeros(1))[0]) / 2)
    if bias == 0 and alpha == 2 and weight * slope**2 <= 1:
        return 0.0
    low, high = -700.0, 0.0
    if excess(low) <= 0:
        return 0.0
    while excess(high) > 0:
        high += 3
    return math.exp(brentq(excess, low, high, xtol=1e-12, rtol=1e-14))


def gain_at(q: float, alpha: float, activation: str | Sigmoid = "tanh") -> float:
    """The gain at which a network without bias has the fixed point q: (q/E|phi|^alpha)^(1/alpha).

    Raises:
        StableError, HeavyTailsError: as `mean_power`.
    """
    return float((q / mean_power(q, alpha, activation)) ** (1 / checked_alpha(alpha, LEAST_ALPHA)))


def ordered_gain(alpha: float, activation: str | Sigmoid = "tanh", q: float = _NEGLIGIBLE) -> float:
    """The ordered line as the text has it: the gain at which q* = 0.01.

    Examples:
        Heavier tails end the ordered phase at smaller gains:

        >>> from deepcrit import ordered_gain
        >>> [round(ordered_gain(alpha), 2) for alpha in (1.0, 1.5, 2.0)]
        [0.52, 0.76, 1.01]
    """
    return gain_at(q, alpha, activation)
