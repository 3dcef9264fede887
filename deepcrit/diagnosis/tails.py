"""Tail index and scale of every weight tensor, beside Gaussian ones of the same sizes, and their place in the plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import torch
from scipy.stats import binomtest

from deepcrit.core.seeds import generator, seed_key
from deepcrit.diagnosis.results import GAUSSIAN, NOTIONS, Notion, Null, Quantity
from deepcrit.physics.heavytails.band import critical_band, ends_of_band
from deepcrit.physics.heavytails.weights import TensorSettings, measure_tensor
from deepcrit.pretrained.weight_files import is_weight
from deepcrit.stats.intervals import CONFIDENCE, percentile_interval
from deepcrit.stats.stable import StableError

_TITLE = NOTIONS["tails"]
HEAVY_BELOW = 1.95
"""Of qu2022: a smaller tail index is heavy-tailed."""
_RESAMPLES = 1000
_SETTINGS = TensorSettings(shapiro_entries=5000, replicates=1)
LARGEST_BAND_GAIN = 20.0
_BAND_ALPHAS, _BAND_GAINS = np.linspace(1.0, 2.0, 6), np.geomspace(0.3, LARGEST_BAND_GAIN, 9)
_KEPT = (
    "alpha", "alpha_low", "alpha_high", "scale", "scale_low", "scale_high", "gain", "gain_low", "gain_high", "sd",
    "excess_kurtosis", "over_normal", "aic_student_t", "aic_generalised_normal", "aic_lognormal", "best",
)  # fmt: skip


def weight_parameters(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Weight tensors by name, one that is shared once."""
    return {
        name: parameter.detach()
        for name, parameter in network.named_parameters()
        if is_weight(name, tuple(parameter.shape)) and parameter.is_floating_point()
    }


def tail(alpha_low: float, alpha_high: float) -> str:
    """``heavy`` or ``light`` where the whole interval is on one side of :data:`HEAVY_BELOW`, else ``undecided``."""
    if alpha_high < HEAVY_BELOW:
        return "heavy"
    return "light" if alpha_low >= HEAVY_BELOW else "undecided"


@cache
def band() -> pd.DataFrame:
    """The band of critical scales of qu2022, Fig. 2b, for tanh; columns ``alpha``, ``lower`` and ``upper``."""
    return critical_band(_BAND_ALPHAS, _BAND_GAINS)


def place(alpha: float, gain_low: float, gain_high: float) -> str:
    """Where an interval of g lies: ``ordered``, ``extended``, ``beyond``, ``undecided``, or ``outside`` the theory."""
    lower, upper = (float(ends[0]) for ends in ends_of_band(np.array([alpha]), band(), LARGEST_BAND_GAIN))
    if np.isnan(lower):
        return "outside"
    if gain_high < lower:
        return "ordered"
    if gain_low > upper:
        return "beyond"
    return "extended" if gain_low >= lower and gain_high <= upper else "undecided"


def measure_tails(network: torch.nn.Module, seed: int, told: Callable[[str], None]) -> Notion:
    """Every weight tensor fitted by stable laws and rivals.

    Args:
        network: any module.
        seed: of subsamples and Gaussian tensors.
        told: called after each tensor, with its name.
    """
    weights = weight_parameters(network)
    if not weights:
        return Notion("tails", _TITLE, reason="found no tensor of two or more dimensions, expected weights")
    rows = []
    for name, values in weights.items():
        rows.append(_row(name, values.float().cpu().numpy(), seed))
        told(f"tails, {name}")
    tensors = pd.DataFrame(rows)
    fitted = tensors[tensors["reason"] == ""]
    tables = {"tensors": tensors, "band": band()}
    if fitted.empty:
        return Notion("tails", _TITLE, tables=tables, reason=f"no tensor could be fitted: {tensors['reason'].iloc[0]}")
    quantities = (_share_heavy(fitted), _median_alpha(fitted, seed), _share_extended(fitted))
    return Notion("tails", _TITLE, quantities, tables)


def _row(name: str, values: np.ndarray, seed: int) -> dict[str, Any]:
    rng = generator(seed_key(seed, "diagnosis", f"tails/{name}", 0))
    row: dict[str, Any] = {"tensor": name, "shape": "x".join(map(str, values.shape)), "n": values.size, "reason": ""}
    try:
        found = measure_tensor(values, rng, _SETTINGS, tested=False)
        sd = np.float32(found["sd"])
        null = measure_tensor(sd * rng.standard_normal(values.size, dtype=np.float32), rng, _SETTINGS, tested=False)
    except StableError as error:
        return row | {"reason": str(error), "tail": "", "null_tail": "", "place": "", "best": ""}
    return row | {
        **{key: found[key] for key in _KEPT},
        "tail": tail(found["alpha_low"], found["alpha_high"]),
        "place": place(found["alpha"], found["gain_low"], found["gain_high"]),
        "null_alpha": null["alpha"],
        "null_alpha_low": null["alpha_low"],
        "null_alpha_high": null["alpha_high"],
        "null_tail": tail(null["alpha_low"], null["alpha_high"]),
    }


def _share(name: str, title: str, called: pd.Series[bool], nulls: tuple[Null, ...], meaning: str) -> Quantity:
    found = binomtest(int(called.sum()), len(called)).proportion_ci(CONFIDENCE, "wilson")
    return Quantity(
        name, title, float(called.mean()), float(found.low), float(found.high), "Wilson over tensors", len(called),
        nulls, meaning,
    )  # fmt: skip


def _share_heavy(fitted: pd.DataFrame) -> Quantity:
    heavy, null = fitted["tail"] == "heavy", fitted["null_tail"] == "heavy"
    ends = binomtest(int(null.sum()), len(null)).proportion_ci(CONFIDENCE, "wilson")
    against = Null(GAUSSIAN, float(null.mean()), float(ends.low), float(ends.high), len(null))
    best = fitted.loc[heavy, "best"].value_counts()
    if not heavy.any():
        open_ones = int((fitted["tail"] == "undecided").sum())
        meaning = "No tensor has heavy tails" + (f"; {open_ones} are too small to tell." if open_ones else ".")
    else:
        laws = ", ".join(f"{str(law).replace('_', ' ')} {count}" for law, count in best.items())
        meaning = f"{heavy.sum()} of {len(heavy)} tensors have heavy tails; the best of five laws for these: {laws}."
    title = f"share of weight tensors with tail index below {HEAVY_BELOW}, by the whole interval"
    return _share("share_heavy", title, heavy, (against,), meaning)


def _median_alpha(fitted: pd.DataFrame, seed: int) -> Quantity:
    alpha = fitted["alpha"].to_numpy(float)
    title = "median tail index alpha of weight tensors"
    if len(alpha) == 1:
        low, high = (float(fitted[end].iloc[0]) for end in ("alpha_low", "alpha_high"))
        method = "profile likelihood"
    else:
        rng = generator(seed_key(seed, "diagnosis", "median tail index", 0))
        drawn = np.median(alpha[rng.integers(len(alpha), size=(_RESAMPLES, len(alpha)))], axis=1)
        low, high = percentile_interval(drawn)
        method = "percentile bootstrap over tensors"
    null = fitted["null_alpha"].to_numpy(float)
    ends = np.quantile(null, [0.025, 0.975])
    against = Null(GAUSSIAN, float(np.median(null)), float(ends[0]), float(ends[1]), len(null))
    meaning = (
        "The tail index of a normal law is 2; most of these tensors have heavier tails."
        if high < HEAVY_BELOW
        else "The tail index of a normal law is 2: half of these tensors have it, or nearly so."
        if low >= HEAVY_BELOW
        else "The tail index of a normal law is 2; whether most tensors have heavier tails is open."
    )
    return Quantity("median_alpha", title, float(np.median(alpha)), low, high, method, len(alpha), (against,), meaning)


def _share_extended(fitted: pd.DataFrame) -> Quantity:
    counts = fitted["place"].value_counts()
    words = {
        "ordered": "below the ordered line",
        "extended": "in the extended critical regime",
        "beyond": "beyond it",
        "undecided": "on a border",
        "outside": "outside the theory, alpha < 1",
    }
    told = ", ".join(f"{counts[key]} {text}" for key, text in words.items() if key in counts)
    meaning = f"Of {len(fitted)} tensors {told}; the theory is that of tanh networks without normalisation."
    title = "share of weight tensors whose scale is in the extended critical regime of qu2022"
    return _share("share_extended", title, fitted["place"] == "extended", (), meaning)
