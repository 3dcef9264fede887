"""Signals along the layers: how fast they grow, which avalanche they make, and where avalanches are cut off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from deepcrit.core.arrays import Floats
from deepcrit.physics.meanfield import moments
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.stats.intervals import Estimate, mean_interval


def growth_rate(strength: Floats, layers: int) -> Estimate[float]:
    """Rate of growth of ln sqrt(q) per layer, from the input to layer ``layers``, with Student's interval.

    While signals are small ln q is a random walk of independent steps, and the mean of all steps, which is what two
    ends are worth, is the efficient estimate of its drift.

    Args:
        strength: sqrt(q_l), shape (networks, L + 1).
        layers: layers counted, at most L.
    """
    return mean_interval(np.log(strength[:, layers] / strength[:, 0]) / layers)


def linear_growth_rate(width: int, weight_variance: float) -> float:
    """Rate of growth of E[ln sqrt(q)] per layer of signals too small to saturate, phi(z) = z, without bias.

    q is multiplied by sw2 chi^2_N / N at each layer, so that the rate is (ln sw2 + E[ln chi^2_N] - ln N) / 2, which is
    ln(sw2) / 2 - 1/(2N) to leading order.
    """
    return float(0.5 * (np.log(weight_variance) + digamma(0.5 * width) - np.log(0.5 * width)))


def mean_field_path(spec: NetworkSpec) -> Floats:
    """sqrt(q_l), l = 0..L, of an infinitely wide network with the same signal per neuron at the input, shape (L + 1,).

    The map is q' = sw2 V(q) + sb2 (ghavasieh2025, Eq. 1); the first layer sees a Gaussian input of variance q_0.
    """
    q = np.empty(spec.depth + 1)
    q[0] = spec.threshold**2
    for layer in range(spec.depth):
        q[layer + 1] = spec.weight_variance * float(moments(q[layer], spec.activation).mean_square) + spec.bias_variance
    return np.sqrt(q)


def durations(strength: Floats, threshold: float) -> NDArray[np.int64]:
    """Layers before the signal first falls below the threshold, L where it never does, shape (networks,)."""
    below = strength[:, 1:] < threshold
    return np.where(below.any(axis=1), below.argmax(axis=1), below.shape[1])


def nearest_avalanche(duration: NDArray[np.int64], wanted: int, depth: int) -> int:
    """Index of the first avalanche that started, ended, and has the duration nearest to the one wanted.

    Raises:
        ValueError: if no avalanche started and ended.
    """
    ended = np.flatnonzero((duration >= 1) & (duration < depth))
    if not ended.size:
        raise ValueError(f"found no avalanche that ended among {len(duration)} launched, expected one at least")
    return int(ended[np.argmin(np.abs(duration[ended] - wanted))])


def random_walk_survival(depth: int) -> Floats:
    """P(D >= n) = C(2n, n) / 4^n, n = 0..depth, of a symmetric walk not below its start (Sparre Andersen 1954)."""
    n = np.arange(depth + 1)
    return np.asarray(np.exp(gammaln(2 * n + 1) - 2 * gammaln(n + 1) - n * np.log(4.0)))


def cutoff(alive: Floats) -> float:
    """Duration at which P(D >= n) has fallen to 1/e of what it is for a symmetric random walk; NaN if it never does.

    Args:
        alive: P(D >= n), n = 0..L. The logarithm of the ratio is interpolated linearly between layers.
    """
    with np.errstate(divide="ignore"):
        # probabilities so small that they are zero are far beyond the cutoff
        ratio = np.log(alive / random_walk_survival(len(alive) - 1))
    fallen = np.flatnonzero(ratio <= -1.0)
    if not fallen.size:
        return float("nan")
    after = int(fallen[0])
    before = after - 1
    return before + float((ratio[before] + 1.0) / (ratio[before] - ratio[after]))
