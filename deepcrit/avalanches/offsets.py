"""Where a random network is critical: offsets of the weight variance at finite width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import digamma

from deepcrit.avalanches.powerlaws import exponent_from_sums
from deepcrit.physics.ensembles import symmetric_stable
from deepcrit.physics.propagation.radial_moments import radial_moments
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law

_HERMITE_NODES = 41


def drift_free_weight_variance(activation: str, width: int) -> float:
    """Weight variance at which ln q of a weak signal is a random walk without drift, for Gaussian weights.

    With q' = sw2 mean(phi^2) chi^2_N / N, the drift is ln sw2 + E ln(mean(phi^2) / q) + psi(N/2) - ln(N/2); for a
    smooth activation of slope one the solution is 1 + 1/N to leading order.

    Examples:
        >>> from deepcrit import drift_free_weight_variance
        >>> print(f"{drift_free_weight_variance('tanh', 100):.4f}")
        1.0101
    """
    moments = radial_moments(activation, width)
    xi, weights = np.polynomial.hermite_e.hermegauss(_HERMITE_NODES)
    a = moments.relative_deviation[0]
    log_radial_factor = weights @ np.log((1.0 + a * xi) ** 2 / (1.0 + a * a)) / weights.sum()
    log_chi_square = digamma(0.5 * width) - np.log(0.5 * width)
    return float(np.exp(-(np.log(moments.ratio[0]) + log_radial_factor + log_chi_square)))


def levy_drift_free_weight_variance(
    levy_alpha: float, width: int, layers: int, rng: np.random.Generator
) -> tuple[float, float]:
    """The same for Levy weights and a weak signal, from the growth of one vector through random layers.

    Given y, the entries of a fresh layer's z are i.i.d. stable with scale (sum_j |y_j|^alpha)^(1/alpha) times that of
    the weights, so that no matrix is drawn.

    Args:
        levy_alpha: stability index.
        width: N.
        layers: layers through which the vector grows; the first tenth is left out.
        rng: source of randomness.

    Returns:
        The weight variance and its standard error.
    """
    scale = (1.0 / (2.0 * width)) ** (1.0 / levy_alpha)
    y = rng.standard_normal(width)
    growth = np.empty(layers)
    for layer in range(layers):
        y /= np.linalg.norm(y)
        z = scale * np.sum(np.abs(y) ** levy_alpha) ** (1.0 / levy_alpha) * symmetric_stable(levy_alpha, (width,), rng)
        growth[layer] = 2.0 * np.log(np.linalg.norm(z))
        y = z
    settled = growth[layers // 10 :]
    variance = np.exp(-settled.mean())
    return float(variance), float(variance * settled.std(ddof=1) / np.sqrt(settled.size))


def straightness(law_alive: NDArray[np.float64], xmin: int, xmax: int) -> tuple[float, float]:
    """Exponent and KS distance of the power law fitted to an exact law of durations on [xmin, xmax].

    Args:
        law_alive: P(D >= n), n = 0, 1, ...
        xmin: shortest duration, in layers.
        xmax: longest duration, in layers.

    Returns:
        The maximum-likelihood exponent, infinitely many avalanches assumed, and the KS distance to its law.
    """
    duration = np.arange(xmin, xmax + 1)
    probability = law_alive[xmin : xmax + 1] - law_alive[xmin + 1 : xmax + 2]
    probability = probability / probability.sum()
    exponent = float(exponent_from_sums(1.0, probability @ np.log(duration), xmin, xmax, True))
    fitted = duration**-exponent
    distance = np.abs(np.cumsum(probability) - np.cumsum(fitted / fitted.sum())).max()
    return exponent, float(distance)


def scan_offsets(spec: NetworkSpec, offsets: Sequence[float], ranges: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Straightness of the exact distribution of durations at each offset, on each declared range.

    Args:
        spec: the network; its weight variance is replaced, and its depth by what the ranges need.
        offsets: values of sw2 - 1.
        ranges: duration ranges [xmin, xmax], in layers.
    """
    rows = []
    depth = max(xmax for _, xmax in ranges) + 1
    for offset in offsets:
        law = transfer_law(replace(spec, depth=depth, weight_variance=1.0 + float(offset)))
        for xmin, xmax in ranges:
            exponent, distance = straightness(law.alive, xmin, xmax)
            rows.append((spec.width, offset, xmin, xmax, exponent, distance))
    columns = ["width", "offset", "xmin", "xmax", "exponent", "ks_distance"]
    return pd.DataFrame(rows, columns=columns)


def compare_readings(spec: NetworkSpec, published: float, xmin: int, xmax: int) -> pd.DataFrame:
    """Exact law under both readings of a published offset: of the variance, or of the standard deviation.

    Args:
        spec: the network; its weight variance is replaced.
        published: the offset.
        xmin: lower end of the range of durations, in layers.
        xmax: its upper end.
    """
    unit = drift_free_weight_variance(spec.activation, spec.width) - 1.0
    rows = []
    for reading, offset in (("variance", published), ("standard deviation", (1.0 + published) ** 2 - 1.0)):
        law = transfer_law(replace(spec, weight_variance=1.0 + offset))
        exponent, distance = straightness(law.alive, xmin, xmax)
        censored = law.censored_fraction / law.alive[1]
        rows.append((spec.width, reading, offset, offset / unit, xmin, xmax, exponent, distance, censored))
    columns = ["width", "reading", "offset", "relative_offset", "xmin", "xmax", "exponent", "ks_distance"]
    return pd.DataFrame(rows, columns=[*columns, "censored_of_started"])


def straightest_offset(scan: pd.DataFrame) -> float:
    """Offset of least KS distance on one range, by a parabola through the three best neighbours.

    Args:
        scan: rows of :func:`scan_offsets` of one range, any order.
    """
    ordered = scan.sort_values("offset")
    x, y = ordered["offset"].to_numpy(), ordered["ks_distance"].to_numpy()
    best = int(np.argmin(y))
    if best in (0, len(x) - 1):
        return float(x[best])
    a, b, _ = np.polyfit(x[best - 1 : best + 2], y[best - 1 : best + 2], 2)
    return float(np.clip(-b / (2.0 * a), x[best - 1], x[best + 1]))
