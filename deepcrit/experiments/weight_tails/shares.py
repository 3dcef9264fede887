"""Shares of heavy-tailed tensors, by network and over networks, each beside that of Gaussian tensors of their sizes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from deepcrit.experiments.weight_tails.networks import NAMED, ONE_OF_TEN
from deepcrit.experiments.weight_tails.schemas import WEIGHT_SHARES
from deepcrit.physics.heavytails.band import ends_of_band
from deepcrit.stats.intervals import Estimate, mean_interval
from deepcrit.stats.jackknife import jackknife

ALL_TEN = "all ten networks named"
STAND_INS = "networks that stand in"
MIXED = "networks of the ten, and others that stand in"
MAXIMUM_LIKELIHOOD, QUANTILES = "maximum likelihood", "quantiles"


_Values = Callable[[pd.DataFrame], pd.Series]


class ShareLevels(NamedTuple):
    """What counts as heavy, as rejected, and as the end of a band that is open."""

    heavy_below: float
    normality_level: float
    open_end: float


class ShareStatistic(NamedTuple):
    """A share of tensors, or the median of a number; ``of`` gives a value a tensor, NaN where it has none."""

    name: str
    method: str
    of: _Values
    median: bool = False


def share_statistics(levels: ShareLevels, band: pd.DataFrame) -> list[ShareStatistic]:
    """Everything of which a share is published or would be asked for."""
    found = [
        ShareStatistic("heavy-tailed", MAXIMUM_LIKELIHOOD, lambda t: t["alpha"] < levels.heavy_below),
        ShareStatistic("heavy-tailed", QUANTILES, lambda t: t["quantile_alpha"] < levels.heavy_below),
        ShareStatistic("not normal", "Shapiro-Wilk, all entries", lambda t: t["shapiro_p"] < levels.normality_level),
        ShareStatistic("not normal", "Shapiro-Wilk, 5000 entries", lambda t: t["sample_p"] < levels.normality_level),
        ShareStatistic("nearer to stable than to normal", "Kolmogorov-Smirnov", lambda t: t["log10_p_ratio"] >= 0),
        ShareStatistic("stable better than normal", "AIC", lambda t: t["over_normal"] > 1),
        ShareStatistic("stable best of five laws", "AIC", lambda t: t["best"] == "stable"),
    ]
    for method, alpha, gain in (
        (MAXIMUM_LIKELIHOOD, "alpha", "gain"),
        (QUANTILES, "quantile_alpha", "quantile_gain"),
        ("quantiles, scale as in the code", "quantile_alpha", "code_gain"),
    ):
        above, below = (partial(_from_end, end, alpha, gain, band, levels.open_end) for end in (0, 1))
        inside = partial(_inside, above, below)
        found += [
            ShareStatistic("scale in the critical band", method, inside),
            ShareStatistic("ln of scale over lower end of the band", method, above, median=True),
            ShareStatistic("ln of upper end of the band over scale", method, below, median=True),
        ]
    return found


def _from_end(end: int, alpha: str, gain: str, band: pd.DataFrame, open_end: float, tensors: pd.DataFrame) -> pd.Series:
    """ln of how far scales of tensors are inside of one end of the band, negative outside; NaN outside the theory."""
    ratio = tensors[gain] / ends_of_band(tensors[alpha].to_numpy(), band, open_end)[end]
    return np.log(1 / ratio if end else ratio)


def _inside(above: _Values, below: _Values, tensors: pd.DataFrame) -> pd.Series:
    return (above(tensors) >= 0) & (below(tensors) >= 0)


def weight_shares(
    tensors: pd.DataFrame, networks: pd.DataFrame, levels: ShareLevels, band: pd.DataFrame
) -> pd.DataFrame:
    """Schema ``weight_shares``: of the judged population and of every network.

    Judged are the ten networks named if all were read, else all that were.

    Args:
        tensors: schema ``weight_tensors``.
        networks: schema ``weight_networks``.
        levels: what counts as what.
        band: schema ``weight_band``.
    """
    fitted = tensors[tensors["fitted"]]
    there = networks[networks["fitted"] > 0]
    named = there[there["standing"] == ONE_OF_TEN]
    complete = len(named) == len(NAMED)
    judged = named if complete else there
    standing = ALL_TEN if complete else MIXED if len(named) else STAND_INS
    rows = []
    for statistic in share_statistics(levels, band):
        for weighting in ("networks", "tensors"):
            rows.append(_row("judged", True, standing, statistic, weighting, fitted, judged))
        for network in there["network"]:
            chosen = there[there["network"] == network]
            rows.append(_row(network, False, chosen["standing"].iloc[0], statistic, "tensors", fitted, chosen))
    return pd.DataFrame(rows, columns=[column.name for column in WEIGHT_SHARES.columns])


def _row(
    population: str, judged: bool, standing: str, statistic: ShareStatistic, weighting: str, fitted: pd.DataFrame,
    networks: pd.DataFrame,
) -> dict[str, object]:  # fmt: skip
    chosen = fitted[fitted["network"].isin(networks["network"])]
    trained, null = chosen[chosen["draw"] == 0], chosen[chosen["draw"] > 0]
    ours, gaussian = (_estimate(statistic, weighting, part) for part in (trained, null))
    over = "Student over networks" if weighting == "networks" else "jackknife over networks"
    return {
        "population": population,
        "judged": judged,
        "standing": standing,
        "statistic": statistic.name,
        "method": statistic.method,
        "weighting": weighting,
        "networks": networks["network"].nunique(),
        "tensors": len(trained),
        "share": ours.value,
        "ci_low": ours.ci_low,
        "ci_high": ours.ci_high,
        "ci_method": over if len(networks) > 1 else "none: one network",
        "null_share": gaussian.value,
        "null_low": gaussian.ci_low,
        "null_high": gaussian.ci_high,
    }


def _estimate(statistic: ShareStatistic, weighting: str, tensors: pd.DataFrame) -> Estimate[float]:
    """Share or median with its interval over networks; shares end at 0 and 1."""
    values = statistic.of(tensors).to_numpy(np.float64)
    names, places = np.unique(tensors["network"].to_numpy(str), return_inverse=True)
    middle = np.nanmedian if statistic.median else np.nanmean
    if weighting == "networks":
        parts = [values[places == place] for place in range(len(names))]
        found = mean_interval([float(middle(part)) if (~np.isnan(part)).any() else np.nan for part in parts])
    else:
        found = jackknife(lambda kept: float(middle(values[kept[places]])), len(names))
    if statistic.median:
        return found
    low, high = np.clip([found.ci_low, found.ci_high], 0.0, 1.0)
    return Estimate(found.value, found.standard_error, float(low), float(high))
