"""What an experiment with the published sample sizes and offsets must find, from the exact law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepcrit.avalanches.offsets import straightness
from deepcrit.avalanches.powerlaws import exponent_from_sums
from deepcrit.avalanches.scaling import ProfileSums, extrapolate, fit_collapse, fit_size_duration
from deepcrit.core.arrays import Floats
from deepcrit.experiments.universality.local import typical_size
from deepcrit.physics.propagation.resolvent import AvalancheLaw
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import TransferLaw, transfer_law

Ranges = Sequence[tuple[float, float]]
_SIZE_NODES = 16  # of Gauss's rule in ln S on a range


class Sampled(NamedTuple):
    """How much an experiment samples at each width.

    Attributes:
        avalanches: kept ones.
        sharing: inputs launched through a network.
    """

    avalanches: int
    sharing: int


class Expected(NamedTuple):
    """An exponent on one range, with infinitely many avalanches, and its standard errors with as many as there are."""

    exponent: float
    independent_error: float
    shared_error: float


def duration_exponent(law: TransferLaw, low: int, high: int, sampled: Sampled) -> Expected:
    """Maximum-likelihood tau_d on a range of durations, in layers."""
    exponent, _ = straightness(law.alive, low, high)
    logarithms = np.log(np.arange(low, high + 1))
    return _with_errors(exponent, logarithms, law.probability[low : high + 1], law, sampled)


def size_exponent(
    law: TransferLaw, sizes: AvalancheLaw, spec: NetworkSpec, low: float, high: float, sampled: Sampled
) -> Expected:
    """Maximum-likelihood tau_s on a range of S sqrt(N), whatever the depth."""
    node, weight = np.polynomial.legendre.leggauss(_SIZE_NODES)
    half_length = 0.5 * np.log(high / low)
    logarithms = np.log(low) + half_length * (node + 1.0)
    values = np.exp(logarithms) / np.sqrt(spec.width)
    durations = (values / typical_size(spec, 1.0)) ** (2 / 3)
    density = np.array([sizes.size_density(*pair) for pair in zip(values, durations, strict=True)])
    probability = density * values * half_length * weight
    share = probability / probability.sum()
    exponent = float(exponent_from_sums(1.0, share @ logarithms, low, high, False))
    return _with_errors(exponent, logarithms, probability, law, sampled)


def _with_errors(
    exponent: float, logarithms: Floats, probability: Floats, law: TransferLaw, sampled: Sampled
) -> Expected:
    """Errors of a likelihood's maximum from the spread of ln x in range; networks count once if inputs share fate."""
    inside = probability.sum()
    share = probability / inside
    spread = np.sqrt(share @ (logarithms - share @ logarithms) ** 2)
    launched = sampled.avalanches / law.kept_fraction
    independent, networks = launched * inside, launched / sampled.sharing
    return Expected(
        exponent, float(1.0 / (spread * np.sqrt(independent))),
        float(1.0 / (spread * np.sqrt(min(independent, networks)))),
    )  # fmt: skip


def slope_of_sizes(law: TransferLaw, low: int, high: int, fewest: int, sampled: Sampled) -> float:
    """Gamma by the weighted regression on a range of durations, their spread of ln S being taken as the same."""
    duration = np.arange(low, min(high, len(law.probability) - 1) + 1)
    count = sampled.avalanches * law.probability[duration] / law.kept_fraction
    fit = fit_size_duration(
        duration, count, law.mean_size[duration], np.ones(duration.size), dmin=low, dmax=high, minimum_count=fewest
    )
    return fit.gamma


def collapse_exponent(law: AvalancheLaw, shortest: int, longest: int, grid_points: int) -> float:
    """gamma* at which exact mean profiles of all durations of a range collapse best."""
    profiles = law.profiles(range(shortest, longest + 1))
    sums = ProfileSums(shortest, longest, np.concatenate(profiles)[None, :], np.ones((1, len(profiles))))
    return fit_collapse(sums, n_grid=grid_points).gamma_star


def expected_exponents(
    specs: Sequence[NetworkSpec],
    ranges: Mapping[str, Ranges],
    fewest: Sequence[int],
    grid_points: int,
    sampled: Sampled,
    replicates: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row a quantity and width, and the extrapolations, schema ``expected_exponents`` without the reading.

    Args:
        specs: networks of ascending width; slopes and profiles are those of the widest.
        ranges: of ``duration``, ``size``, ``gamma`` and ``profile``, the declared one first.
        fewest: avalanches of a duration that enters the regression.
        grid_points: of profiles.
        sampled: size of the experiment.
        replicates: experiments that are drawn with the errors of avalanches that share networks.
        rng: source of their errors.
    """
    rows: list[tuple[object, ...]] = []
    found: dict[str, list[list[Expected]]] = {"tau_d": [], "tau_s": []}
    for spec in specs:
        law = transfer_law(spec)
        exact = AvalancheLaw(spec, max(high for _, high in ranges["duration"]))
        durations = [duration_exponent(law, int(low), int(high), sampled) for low, high in ranges["duration"]]
        sizes = [size_exponent(law, exact, spec, low, high, sampled) for low, high in ranges["size"]]
        found["tau_d"].append(durations)
        found["tau_s"].append(sizes)
        for quantity, fits in (("tau_d", durations), ("tau_s", sizes)):
            rows.append((spec.width, quantity, *_ends([fit.exponent for fit in fits]), *fits[0][1:]))
        ratios = [(d.exponent - 1.0) / (s.exponent - 1.0) for d, s in zip(durations, sizes, strict=True)]
        rows.append((spec.width, "ratio", *_ends(ratios), *_ratio_errors(durations[0], sizes[0])))
    slopes = [slope_of_sizes(law, int(low), int(high), few, sampled) for low, high in ranges["gamma"] for few in fewest]
    rows.append((spec.width, "gamma", *_ends(slopes), np.nan, np.nan))
    stars = [collapse_exponent(exact, int(low), int(high), grid_points) for low, high in ranges["profile"]]
    rows.append((spec.width, "gamma_star", *_ends(stars), np.nan, np.nan))
    for quantity, by_width in found.items():
        rows.append((0, quantity, *_extrapolations([spec.width for spec in specs], by_width, replicates, rng)))
    columns = ["width", "quantity", "value", "low", "high", "ranges", "independent_error", "shared_error"]
    return pd.DataFrame(rows, columns=columns)


def _ends(values: Sequence[float]) -> tuple[float, float, float, int]:
    return values[0], min(values), max(values), len(values)


def _ratio_errors(duration: Expected, size: Expected) -> list[float]:
    """Of (tau_d - 1) / (tau_s - 1), errors of the two taken as independent."""
    d, s = duration.exponent - 1.0, size.exponent - 1.0
    return [d / s * float(np.hypot(duration[i] / d, size[i] / s)) for i in (1, 2)]


def _extrapolations(
    widths: Sequence[int], by_width: Sequence[Sequence[Expected]], replicates: int, rng: np.random.Generator
) -> tuple[float, float, float, int, float, float]:
    """tau + c N^-w at infinity on the declared range: of the exact exponents, and quantiles over drawn experiments."""
    exponent, independent, shared = np.array([fits[0] for fits in by_width]).T
    noise = rng.standard_normal((replicates, len(widths))) * shared
    drawn = [extrapolate(widths, exponent + error, shared).tau for error in noise]
    low, high = np.quantile(drawn, [0.025, 0.975], method="nearest")
    return extrapolate(widths, exponent, independent).tau, float(low), float(high), 1, np.nan, np.nan
