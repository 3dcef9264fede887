"""Avalanches of layer signals: how long signals stay above the mean strength of every layer, and what that is like."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.avalanches.powerlaws import MINIMUM_POINTS, compare_alternatives, fit_continuous, fit_discrete
from deepcrit.avalanches.scaling import duration_statistics, fit_size_duration
from deepcrit.avalanches.scaling.mismatch import FitRanges, Mismatch, exponent_mismatch
from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.diagnosis.results import INDEPENDENT, NOTIONS, Notion, Quantity, beside, no_null, null_of
from deepcrit.stats.intervals import mean_interval

_TITLE = NOTIONS["avalanches"]
_SHORTEST = 5  # layers; shorter ones tell of the first layers alone
_LONGEST_FRACTION = 0.5  # of all layers, beyond which the end of the network is felt
_FEWEST_LAYERS = 20  # so that durations span a factor of two
_FEWEST_INPUTS = 2
_NULL_DRAWS = 20
_WIDE = 0.5  # of the interval of an exponent, beyond which it confirms nothing
_REPLICATES = 400
_LAW = "ln of the likelihood of the power law over that of the exponential, per avalanche, of durations"
_FITTED = {
    "tau_duration": "exponent of durations, tau_D",
    "tau_size": "exponent of sizes, tau_S",
    "gamma": "exponent of the mean size of a duration, gamma",
    "crackling": "(tau_D - 1) / (tau_S - 1) - gamma",
    "likelihood_ratio": _LAW,
}


class Launched(NamedTuple):
    """An entry an input, shape (inputs,).

    Attributes:
        duration: layers from the first on whose strength is at least the mean over inputs; 0 for one that never starts.
        size: summed excess over it.
        censored: above it up to the last layer.
    """

    duration: NDArray[np.int64]
    size: Floats
    censored: NDArray[np.bool_]


def launched(strength: Floats) -> Launched:
    """Avalanches above the mean strength of every layer (ghavasieh2025, Methods, "ResNet statistics", n = 0).

    Args:
        strength: shape (inputs, layers).
    """
    excess = strength - strength.mean(axis=0)
    alive = np.logical_and.accumulate(excess >= 0, axis=1)
    return Launched(alive.sum(axis=1), np.where(alive, excess, 0.0).sum(axis=1), alive[:, -1])


def independent(strength: Floats, rng: np.random.Generator) -> Floats:
    """The same strengths of every layer, dealt to inputs at random, layer by layer."""
    return rng.permuted(strength, axis=0)


def measure_avalanches(strength: Floats, seed: int) -> Notion:
    """Exponents, the crackling relation and durations, or that there are too few layers.

    Args:
        strength: of every input in every layer, shape (inputs, layers).
        seed: of resamples and nulls.
    """
    inputs, layers = strength.shape
    if inputs < _FEWEST_INPUTS:
        reason = f"found {inputs} input, expected at least {_FEWEST_INPUTS}"
        return Notion("avalanches", _TITLE, reason=reason)
    found = launched(strength)
    shuffled = [
        launched(independent(strength, generator(seed_key(seed, "diagnosis", "avalanches", draw))))
        for draw in range(_NULL_DRAWS)
    ]
    quantities = [_duration(found, shuffled), *_fits(found, shuffled, layers, seed)]
    survival = pd.DataFrame(
        {
            "duration": np.arange(1, layers + 1),
            "share": _survival(found, layers),
            "independent_share": np.mean([_survival(one, layers) for one in shuffled], axis=0),
        }
    )
    return Notion("avalanches", _TITLE, tuple(quantities), {"survival": survival})


def _survival(found: Launched, layers: int) -> Floats:
    """Share of avalanches that last so many layers or more, shape (layers,)."""
    started = found.duration[found.duration > 0]
    counts = np.bincount(started, minlength=layers + 1)[::-1].cumsum()[::-1][1:]
    return np.asarray(counts / max(len(started), 1), np.float64)


def _duration(found: Launched, shuffled: list[Launched]) -> Quantity:
    started = found.duration[found.duration > 0]
    title = "mean duration of avalanches that start, in layers"
    if len(started) < 2:
        return Quantity(
            "mean_duration", title, reason=f"found {len(started)} avalanches that start, expected 2 or more"
        )
    mean = mean_interval(started)
    null = null_of(INDEPENDENT, [float(one.duration[one.duration > 0].mean()) for one in shuffled])
    quantity = Quantity(
        "mean_duration", title, mean.value, mean.ci_low, mean.ci_high, "Student over inputs", len(started), (null,)
    )
    meaning = {
        "above": "An input that is strong in one layer stays strong in the next ones: signals are carried along.",
        "like": "Strength in one layer says nothing of the next: durations are those of independent signals.",
        "below": "An input that is strong in one layer is weak in the next ones, more often than by chance.",
    }[beside(quantity, null)]
    # what lasts to the end is counted up to there
    ended = f" {found.censored.sum()} of {len(started)} last to the last layer." if found.censored.any() else ""
    return replace(quantity, meaning=meaning + ended)


def _fits(found: Launched, shuffled: list[Launched], layers: int, seed: int) -> list[Quantity]:
    if layers < _FEWEST_LAYERS:
        reason = f"found {layers} layers, expected at least {_FEWEST_LAYERS}, so that durations span a power law"
        return [Quantity(name, title, reason=reason) for name, title in _FITTED.items()]
    longest = int(_LONGEST_FRACTION * layers)
    rng = generator(seed_key(seed, "diagnosis", "resampled avalanches", 0))
    try:
        fitted, own = _fit(found, longest, rng, _REPLICATES)
    except ValueError as error:
        return [Quantity(name, title, reason=str(error)) for name, title in _FITTED.items()]
    nulls: dict[str, list[float]] = {name: [] for name in _FITTED}
    for one in shuffled:
        try:
            values, _ = _fit(one, longest, rng, 2)
        except ValueError:
            # too few of these avalanches are long enough, which the number of draws says
            continue
        for name, found_value in values.items():
            nulls[name].append(found_value[0])
    quantities = []
    for name, title in _FITTED.items():
        value, low, high, method = fitted[name]
        if math.isnan(value):
            quantities.append(Quantity(name, title, reason="no finite value is compatible with these avalanches"))
            continue
        draws = [draw for draw in nulls[name] if not math.isnan(draw)]
        against = null_of(INDEPENDENT, draws) if draws else no_null(INDEPENDENT, "too few long avalanches to be fitted")
        quantity = Quantity(name, title, value, low, high, method, own, (against,))
        quantities.append(replace(quantity, meaning=_meaning(quantity, longest)))
    return quantities


def _fit(
    found: Launched, longest: int, rng: np.random.Generator, replicates: int
) -> tuple[dict[str, tuple[float, float, float, str]], int]:
    """Value, ends of the interval and method of every fitted quantity, and the avalanches in range.

    Raises:
        ValueError: for too few avalanches.
    """
    kept = (found.duration > 0) & ~found.censored
    duration, size = found.duration[kept], found.size[kept]
    inside = (duration >= _SHORTEST) & (duration <= longest)
    distinct = len(np.unique(duration[inside]))
    if inside.sum() < MINIMUM_POINTS or distinct < 3:
        raise ValueError(
            f"found {inside.sum()} avalanches of {distinct} durations from {_SHORTEST} to {longest} layers, expected "
            f"at least {MINIMUM_POINTS} of 3"
        )
    # as many sizes are left out below and above as there are durations out of range
    ordered = np.sort(size)
    smallest, largest = ordered[int((duration < _SHORTEST).sum())], ordered[int((duration <= longest).sum()) - 1]
    of_duration = fit_discrete(duration, _SHORTEST, longest)
    of_size = fit_continuous(size, float(smallest), float(largest))
    ranges = FitRanges(_SHORTEST, longest, float(smallest), float(largest))
    relation: Mismatch = exponent_mismatch(
        duration, size, np.arange(len(duration)), ranges, rng, n_blocks=len(duration), replicates=replicates
    )
    (law,) = compare_alternatives(duration, _SHORTEST, longest, alternatives=("exponential",), discrete=True)
    n = int(inside.sum())
    ratio = law.loglikelihood_ratio / n
    error = abs(ratio / law.normalised_ratio) if law.normalised_ratio else math.nan
    gamma = _gamma(duration, size, longest)
    return {
        "tau_duration": (of_duration.exponent, of_duration.ci_low, of_duration.ci_high, "profile likelihood"),
        "tau_size": (of_size.exponent, of_size.ci_low, of_size.ci_high, "profile likelihood"),
        "gamma": gamma,
        "crackling": (relation.mismatch, relation.ci_low, relation.ci_high, f"{relation.ci_method} over inputs"),
        "likelihood_ratio": (ratio, ratio - 1.96 * error, ratio + 1.96 * error, "Vuong"),
    }, n


def _gamma(duration: NDArray[np.int64], size: Floats, longest: int) -> tuple[float, float, float, str]:
    table = duration_statistics(duration, size)
    line = fit_size_duration(
        *(table[name] for name in ("duration", "count", "mean_size", "var_log_size")), dmin=_SHORTEST, dmax=longest
    )
    return line.gamma, line.ci_low, line.ci_high, "Student, weighted least squares"


def _meaning(quantity: Quantity, longest: int) -> str:
    low, high = quantity.ci_low, quantity.ci_high
    if quantity.name == "crackling":
        if not math.isfinite(high - low):
            return "These avalanches are too few to test the crackling relation: the interval has no end."
        if low <= 0 <= high:
            return (
                "The interval is too wide to test the crackling relation."
                if high - low > _WIDE
                else "The exponents obey the crackling relation, to within this interval."
            )
        return "The exponents break the crackling relation of scale-free avalanches."
    if quantity.name == "likelihood_ratio":
        if low > 0:
            return f"Durations from {_SHORTEST} to {longest} layers are nearer to a power law than to an exponential."
        if high < 0:
            return (
                "Durations fall off exponentially: avalanches have a scale, and exponents above describe no power law."
            )
        return "These avalanches do not tell a power law from an exponential."
    known = {"tau_duration": (1.5, "3/2"), "tau_size": (4 / 3, "4/3"), "gamma": (1.5, "3/2")}[quantity.name]
    inside = low <= known[0] <= high
    if inside and high - low > _WIDE:
        return f"The interval is too wide to tell this from {known[1]}, the exponent of critical wide networks."
    return f"The interval {'holds' if inside else 'does not hold'} {known[1]}, the exponent of critical wide networks."
