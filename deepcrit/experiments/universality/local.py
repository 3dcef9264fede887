"""Local exponents of the exact law, and what they tend to as width and duration grow together."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from deepcrit.avalanches.offsets import drift_free_weight_variance
from deepcrit.core.arrays import Floats
from deepcrit.experiments.universality.exact import EXACT_EXPONENTS
from deepcrit.experiments.universality.schemas import LOCAL_EXPONENTS
from deepcrit.physics.propagation.resolvent import SHORTEST_SIZED, AvalancheLaw
from deepcrit.physics.propagation.spec import NetworkSpec

_LOCAL_ERROR = 1e-7  # of local exponents: inversion and quadrature; a test holds them to it
_DRAWN_LAYERS = 200


def spec_at(width: int, relative_offset: float, activation: str, input_strength: float) -> NetworkSpec:
    """The network of a width whose offset is that many times the drift-free one; its depth is unused."""
    offset = relative_offset * (drift_free_weight_variance(activation, width) - 1.0)
    return NetworkSpec(width, 1, 1.0 + offset, activation=activation, input_strength=input_strength)


def typical_size(spec: NetworkSpec, duration: float) -> float:
    """Mean size of avalanches of a duration far below the width.

    The excess is s (exp(x/2) - 1) with s the norm of the input and x = ln(q / threshold^2), a walk whose steps have
    variance 2/N. Its excursions of D layers have the mean area sqrt(2 D^3 / N) sqrt(pi / 8), half of which is the size
    over s.
    """
    return float(spec.input_strength * spec.width * np.sqrt(np.pi) / 4.0 * (duration / spec.width) ** 1.5)


def doubled_durations(width: int, lowest: int, highest: int) -> list[int]:
    """Durations from lowest sqrt(N), each twice the one before, up to highest sqrt(N), in layers."""
    doublings = int(np.log2(highest / lowest))
    return [lowest * isqrt(width) * 2**doubling for doubling in range(doublings + 1)]


def grown_durations(width: int, longest: float) -> list[int]:
    """Durations sqrt(N) 2^j in whole layers, from a few layers to the longest."""
    root = isqrt(width)
    first = -int(np.log2(root / SHORTEST_SIZED)) if root >= SHORTEST_SIZED else 1
    powers = range(first, int(np.floor(np.log2(longest / root))) + 1)
    return sorted({round(root * 2.0**power) for power in powers})


def slopes(spec: NetworkSpec, durations: Sequence[int], shaped: Sequence[int], relative_offset: float) -> pd.DataFrame:
    """Local exponents between neighbouring durations, schema ``local_exponents``.

    Args:
        spec: the network.
        durations: ascending, in layers.
        shaped: those of them whose profiles are computed, too.
        relative_offset: as the table has it.
    """
    law = AvalancheLaw(spec, durations[-1])
    probability, mean_size = np.array([law.durations(duration) for duration in durations]).T
    sized = [duration for duration in durations if duration >= SHORTEST_SIZED]
    sizes = np.array([typical_size(spec, duration) for duration in sized])
    density = np.array([law.size_density(size, duration) for size, duration in zip(sizes, sized, strict=True)])
    profiles = law.profiles(shaped)
    middles = np.array([0.5 * (p[(len(p) - 1) // 2] + p[len(p) // 2]) for p in profiles])
    rows = [
        ("tau_d", durations, -_slope(durations, probability)),
        ("tau_s", sized, -_slope(sizes, density)),
        ("gamma", durations, _slope(durations, mean_size)),
        ("gamma_star", shaped, 1.0 + _slope(shaped, middles)),
        ("shape", shaped, np.array([shape_exponent(profile) for profile in profiles[:-1]])),
    ]
    frames = [
        pd.DataFrame(
            {
                "width": spec.width,
                "relative_offset": relative_offset,
                "quantity": quantity,
                "duration": ends[:-1],
                "scaled_duration": np.sqrt(np.multiply(ends[:-1], ends[1:])) / spec.width,
                "exponent": exponents,
            }
        )
        for quantity, ends, exponents in rows
    ]
    return pd.concat(frames, ignore_index=True)[[column.name for column in LOCAL_EXPONENTS.columns]]


def mean_profile(spec: NetworkSpec, duration: int) -> pd.DataFrame:
    """Profile of one duration, at two hundred layers or all, schema ``exact_profiles``."""
    (profile,) = AvalancheLaw(spec, duration).profiles([duration])
    layers = np.unique(np.linspace(0, duration - 1, _DRAWN_LAYERS).round().astype(int))
    shape = {"u": (layers + 0.5) / duration, "profile": profile[layers] / profile.mean()}
    return pd.DataFrame({"width": spec.width, "duration": duration, **shape})


def shape_exponent(profile: Floats) -> float:
    """Exponent a of the profile (u (1 - u))^a that has the same variance of u, which is 1 / (4 (2 a + 3)).

    Args:
        profile: mean excess of each layer, shape (duration,).
    """
    u = (np.arange(len(profile)) + 0.5) / len(profile)
    weights = profile / profile.sum()
    return float((0.25 / (weights @ (u - weights @ u) ** 2) - 3.0) / 2.0)


def extrapolated(local: pd.DataFrame, multiples: Sequence[int]) -> pd.DataFrame:
    """Exponents at infinite width and duration, from durations k sqrt(N), schema ``limiting_exponents``.

    What is discrete about a walk of D steps adds powers of D^(-1/2), and what is finite about the width powers of
    (D/N)^(1/2): along D = k sqrt(N) both are powers of N^(-1/4). A polynomial in it through the widest networks is
    extrapolated to zero, for each k, through all but one and all but two of the widths.
    """
    rows = []
    for (offset, quantity), points in local.groupby(["relative_offset", "quantity"], sort=False):
        found: list[float] = []
        carried = 0.0
        for multiple in multiples:
            along = points[points["duration"] == [multiple * isqrt(width) for width in points["width"]]]
            along = along.sort_values("width")
            scale, exponent = along["width"].to_numpy() ** -0.25, along["exponent"].to_numpy()
            weights = [weights_at_zero(scale[left_out:]) for left_out in (1, 2)]
            found += [float(w @ exponent[-len(w) :]) for w in weights]
            carried = max(carried, *(_LOCAL_ERROR * float(np.abs(w).sum()) for w in weights))
        value, exact = float(np.median(found)), EXACT_EXPONENTS[str(quantity)]
        rows.append(
            {
                "relative_offset": offset,
                "quantity": quantity,
                "value": value,
                "numerical_error": max(found) - min(found) + carried,
                "exact": exact,
                "difference": value - exact,
                "extrapolations": len(found),
                "widest": points["width"].max(),
            }
        )
    return pd.DataFrame(rows)


def weights_at_zero(x: Floats) -> Floats:
    """Weights of values at x in the polynomial through all of them, at x = 0 (Lagrange), shape of x."""
    others = x[None, :] + np.diag(np.full(len(x), np.inf))
    return np.asarray(np.prod(1.0 / (1.0 - x[:, None] / others), axis=1))


def _slope(x: ArrayLike, y: Floats) -> Floats:
    """Slopes of ln y between neighbouring values of ln x."""
    return np.asarray(np.diff(np.log(y)) / np.diff(np.log(x)))
