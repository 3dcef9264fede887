"""Exponents of avalanches on the ranges on which they are straight, and the relation between them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from deepcrit.avalanches.observables import Observable, observables
from deepcrit.avalanches.scaling import SizeDurationSums, bootstrap_size_duration, duration_statistics, ratio_interval
from deepcrit.avalanches.schemas import AVALANCHES
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.levy_avalanches.analysis import StraightRange, straight_range
from deepcrit.experiments.levy_avalanches.schemas import LEVY_CURVES, LEVY_EXPONENTS, LEVY_GAINS

POINTS = 60  # of a curve
FEWEST_DURATIONS = 3  # that a slope needs


def main(
    avalanches: Sequence[str], gains: Sequence[str], exponents: str, curves: str, fits: Mapping[str, Any], depth: int,
    seed: int,
) -> None:  # fmt: skip
    """All points of all widths; avalanches are independent, so that intervals of exponents are profile likelihoods."""
    rows: list[dict[str, Any]] = []
    drawn: list[pd.DataFrame] = []
    for path, of in zip(avalanches, gains, strict=True):
        whole = read_parquet(path, AVALANCHES)
        for point in read_tsv(of, LEVY_GAINS).itertuples(index=False):
            last = point.first_block + point.blocks
            mine = whole[whole["block"].between(point.first_block, last - 1)]
            mine = mine.assign(block=mine["block"] - point.first_block)
            where = {name: getattr(point, name) for name in ("alpha", "width", "relative_gain", "drift_free")}
            shares = {
                "gain": point.gain,
                "launched": point.launched,
                "started": len(mine) / point.launched,
                "censored": float(mine["censored"].mean()) if len(mine) else 0.0,
            }
            rng = generator(seed_key(seed, "fit_levy_avalanches", f"{point.alpha!r}/N{point.width}", point.first_block))
            rows += [{**where, **shares, **row} for row in fitted(mine, point, fits, depth, rng)]
            drawn += [curve.assign(**where) for curve in curves_of(mine, point)]
    write_tsv(pd.DataFrame(rows), exponents, LEVY_EXPONENTS)
    write_tsv(pd.concat(drawn), curves, LEVY_CURVES)


def fitted(
    mine: pd.DataFrame, point: Any, fits: Mapping[str, Any], depth: int, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Rows of both exponents, gamma, the ratio, and their difference, as if gamma and the ratio were independent."""
    low = {"duration": fits["shortest_duration"], "size": fits["smallest_size"]}
    found: dict[str, StraightRange] = {}
    for of in observables(mine, point.width):
        found[of.name] = straight_range(
            of, low[of.name], upper_ends(of, low[of.name], depth, fits["ends"]), fits["straight_ks"], fits["confidence"]
        )
    rows = [exponent_row(name, found[of]) for name, of in (("tau_d", "duration"), ("tau_s", "size"))]
    duration, size = found["duration"].fit, found["size"].fit
    gamma = ratio = (np.nan, np.nan, np.nan)
    if duration is not None:
        gamma = gamma_of(mine, point, duration.xmin, duration.xmax, fits, rng)
        if size is not None:
            both = ratio_interval(
                duration.exponent, duration.standard_error, size.exponent, size.standard_error,
                confidence=fits["confidence"],
            )  # fmt: skip
            ratio = (both.ratio, both.ci_low, both.ci_high)
    quantile = norm.ppf(0.5 + fits["confidence"] / 2)
    error = float(np.hypot(*((ends[2] - ends[1]) / (2 * quantile) for ends in (gamma, ratio))))
    less = gamma[0] - ratio[0]
    for name, ends, method in (
        ("gamma", gamma, "block bootstrap"),
        ("ratio", ratio, "Fieller"),
        ("mismatch", (less, less - quantile * error, less + quantile * error), "normal, as if independent"),
    ):
        rows.append({**rows[0], "quantity": name, "value": ends[0], "ci_low": ends[1], "ci_high": ends[2],
                     "ci_method": method, "ks_distance": np.nan})  # fmt: skip
    return rows


def upper_ends(of: Observable, low: float, depth: int, number: int) -> np.ndarray:
    """Log-spaced upper ends from twice the lower one; of durations up to the depth, of sizes up to the largest."""
    if of.discrete:
        return np.unique(np.geomspace(2 * low, depth - 1, number).round())
    largest = float(np.max(of.values, initial=2 * low))
    return np.geomspace(2 * low, max(largest, 2.1 * low), number)


def exponent_row(name: str, straight: StraightRange) -> dict[str, Any]:
    """Columns of a fitted exponent, or of one that too few avalanches have."""
    fit = straight.fit
    if fit is None:
        missing = dict.fromkeys(("value", "ci_low", "ci_high", "xmin", "xmax", "decades", "ks_distance"), np.nan)
        return {"quantity": name, **missing, "ci_method": "none, too few avalanches", "n": 0}
    return {
        "quantity": name,
        "value": fit.exponent,
        "ci_low": fit.ci_low,
        "ci_high": fit.ci_high,
        "ci_method": "profile likelihood",
        "xmin": fit.xmin,
        "xmax": fit.xmax,
        "decades": straight.decades,
        "ks_distance": fit.ks_distance,
        "n": fit.n,
    }


def gamma_of(
    mine: pd.DataFrame, point: Any, shortest: float, longest: float, fits: Mapping[str, Any], rng: np.random.Generator
) -> tuple[float, float, float]:
    """Slope of ln <S>_D against ln D on a range of durations, with its interval over blocks."""
    kept = mine[~mine["censored"].to_numpy()]
    inside = kept[kept["duration"].between(shortest, longest)]
    if (inside["duration"].value_counts() > 1).sum() < FEWEST_DURATIONS:
        return np.nan, np.nan, np.nan
    low, high = int(shortest), int(longest)
    sums = SizeDurationSums.from_avalanches(
        kept["duration"], kept["size"], kept["block"], n_blocks=point.blocks, dmin=low, dmax=high
    )
    fit = bootstrap_size_duration(
        sums, rng, dmin=low, dmax=high, replicates=fits["bootstrap_replicates"], confidence=fits["confidence"]
    )
    return fit.gamma, fit.ci_low, fit.ci_high


def curves_of(mine: pd.DataFrame, point: Any) -> list[pd.DataFrame]:
    """Shares of launched avalanches of some value or more, and the mean size by duration."""
    root = np.sqrt(point.width)
    found = []
    for name, values in (("duration", mine["duration"].to_numpy()), ("size", mine["size"].to_numpy() * root)):
        if not len(values):
            continue
        at = np.geomspace(max(values.min(), 1e-3), values.max(), POINTS)
        at = np.unique(at.round()) if name == "duration" else at
        share = (
            1 - np.searchsorted(np.sort(values), at) / point.launched - (point.launched - len(values)) / point.launched
        )
        found.append(pd.DataFrame({"observable": name, "at": at, "value": share}))
    kept = mine[~mine["censored"].to_numpy()]
    if len(kept):
        sizes = duration_statistics(kept["duration"], kept["size"])
        sizes = sizes[sizes["count"] > 1]
        mean = pd.DataFrame({"at": sizes["duration"], "value": sizes["mean_size"] * root})
        found.append(mean.assign(observable="mean_size"))
    return found


if "snakemake" in globals():
    run(main, snakemake)
