"""What the entries of one weight tensor are like: fits, tests and rivals, from one pass over them."""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstwobign, shapiro

from deepcrit.stats import stable

SHAPIRO_CALIBRATED = 5000
"""Entries up to which p-values of the Shapiro-Wilk test are calibrated (Royston 1995)."""

CODE_WIDTH = 784
"""Width by which the authors' code normalises the scale of every tensor."""

_Values = NDArray[np.floating[Any]]


class TensorSettings(NamedTuple):
    """How tensors are measured.

    Attributes:
        shapiro_entries: most entries that the Shapiro-Wilk test sees.
        replicates: sets drawn and fitted for each Kolmogorov-Smirnov test.
    """

    shapiro_entries: int
    replicates: int


def gain(alpha: float, scale: float, n: int) -> float:
    """g = D_w^(1/alpha) with D_w = 2 sqrt(N_w N_h) scale^alpha (qu2022, section A), for n = N_w N_h entries.

    Of a kernel of convolution the matrix is out x (in height width), whose entries are those of the kernel.
    """
    return math.exp(math.log(2 * math.sqrt(n)) / alpha) * scale


def code_gain(alpha: float, scale: float) -> float:
    """The same as the authors' code has it, for whatever tensor: scale / (1/(2 784))^(1/alpha)."""
    return math.exp(math.log(2 * CODE_WIDTH) / alpha) * scale


def measure_tensor(values: _Values, rng: np.random.Generator, settings: TensorSettings, tested: bool) -> dict[str, Any]:
    """Columns of schema ``weight_tensors`` from ``mean`` on; location is fitted throughout.

    Args:
        values: of any shape.
        rng: for subsamples and bootstrap.
        settings: how they are measured.
        tested: whether p-values of Kolmogorov-Smirnov tests that know of the fit are wanted.

    Raises:
        StableError: fewer than 20 values, NaN or infinity among them, or all equal; quartiles that coincide; a
            likelihood without a maximum.
    """
    flat = np.ascontiguousarray(values).ravel()
    with np.errstate(invalid="ignore", over="ignore"):
        mean = float(flat.mean(dtype=np.float64)) if flat.size else math.nan
    grouped = stable.group(flat, mean if math.isfinite(mean) else 0.0)
    fit = stable.fit(grouped, None)
    if not fit.converged:
        raise stable.StableError("likelihood: found no maximum, expected one")
    quantiles = stable.quantile_estimate(grouped)
    rivals = {rival: stable.compare(grouped, fit, rival) for rival in stable.RIVALS}
    replicates = settings.replicates if tested else 1
    ks = {law: stable.goodness_of_fit(grouped, fit, rng, law, replicates) for law in ("stable", "normal")}
    aic = {rival: compared.aic_difference for rival, compared in rivals.items()}
    least = min(aic, key=lambda rival: aic[rival])
    sd, kurtosis = sd_and_kurtosis(flat, mean)
    test, sample_test = shapiro_wilk(flat, mean, settings.shapiro_entries, rng)
    root_n = math.sqrt(fit.n)
    # the best stable law may be the normal one, of which both distances are then
    ratio = 0.0 if fit.normal else _log10_p(ks["stable"].distance * root_n) - _log10_p(ks["normal"].distance * root_n)
    return {
        "mean": mean,
        "sd": sd,
        "excess_kurtosis": kurtosis,
        "alpha": fit.alpha,
        "alpha_low": fit.alpha_low,
        "alpha_high": fit.alpha_high,
        "scale": fit.scale,
        "scale_low": fit.scale_low,
        "scale_high": fit.scale_high,
        "normal": fit.normal,
        "quantile_alpha": quantiles.alpha,
        "quantile_scale": quantiles.scale,
        "gain": gain(fit.alpha, fit.scale, fit.n),
        # both intervals together hold the region of the likelihood, and g falls with alpha and grows with the scale
        "gain_low": gain(fit.alpha_high, fit.scale_low, fit.n),
        "gain_high": gain(fit.alpha_low, fit.scale_high, fit.n),
        "quantile_gain": gain(quantiles.alpha, quantiles.scale, fit.n),
        "code_gain": code_gain(quantiles.alpha, quantiles.scale),
        "shapiro_w": test[0],
        "shapiro_p": test[1],
        "sample_w": sample_test[0],
        "sample_p": sample_test[1],
        "ks_stable": ks["stable"].distance,
        "ks_normal": ks["normal"].distance,
        "ks_stable_p": ks["stable"].p_value if tested else math.nan,
        "ks_normal_p": ks["normal"].p_value if tested else math.nan,
        "log10_p_ratio": ratio,
        "over_normal": rivals["normal"].ratio,
        **{f"aic_{rival}": aic[rival] for rival in stable.RIVALS if rival != "normal"},
        "best": "stable" if aic[least] > 0 else least,
    }


def sd_and_kurtosis(flat: _Values, mean: float) -> tuple[float, float]:
    """Standard deviation and excess kurtosis, in blocks, so that large tensors need no second copy."""
    second = fourth = 0.0
    for start in range(0, flat.size, 1 << 20):
        square = (flat[start : start + (1 << 20)].astype(np.float64) - mean) ** 2
        second += float(square.sum())
        fourth += float((square * square).sum())
    variance = second / flat.size
    return math.sqrt(variance), fourth / flat.size / variance**2 - 3


def shapiro_wilk(
    flat: _Values, mean: float, most: int, rng: np.random.Generator
) -> tuple[tuple[float, float], tuple[float, float]]:
    """W and p-value of the test: of all entries, or of ``most`` evenly spaced ones; and of 5,000 drawn at random."""
    sparse = flat[:: -(-flat.size // most)].astype(np.float64) - mean
    few = (
        flat
        if flat.size <= SHAPIRO_CALIBRATED
        else flat[rng.choice(flat.size, SHAPIRO_CALIBRATED, replace=False, shuffle=False)]
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "scipy.stats.shapiro: For N > 5000")
        found = [shapiro(part) for part in (sparse, few.astype(np.float64) - mean)]
    whole, sample = ((float(one.statistic), float(one.pvalue)) for one in found)
    return whole, sample


def _log10_p(scaled: float) -> float:
    """log10 of the asymptotic p-value of a Kolmogorov-Smirnov distance times sqrt(n), where it underflows, too."""
    if scaled < 5:
        return math.log10(float(kstwobign.sf(scaled)))
    return math.log10(2) - 2 * scaled * scaled / math.log(10)
