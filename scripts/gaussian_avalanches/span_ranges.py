"""Exponents with intervals that span the ranges they may be fitted on, since the paper names none."""

import numpy as np
import pandas as pd

from deepcrit.avalanches.scaling import extrapolate, ratio_interval
from deepcrit.avalanches.schemas import COLLAPSES, EXPONENTS, GAMMAS, RANGE_SPANS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv

FEWEST_WIDTHS = 4  # three parameters and a degree of freedom
SYMBOL = {"size": "tau_s", "duration": "tau_d"}
INFINITE = 0  # stands for the extrapolated width
Ends = tuple[float, float, float]


def main(exponents: str, gammas: str, collapses: str, table: str, confidence: float) -> None:
    """One row a quantity, sample and width.

    The value is that on the declared range. The interval runs from the least to the greatest end of the intervals on
    all ranges; that of a difference from one extreme to the other, as if both could be fitted on different ranges.
    """
    fits = read_tsv(exponents, EXPONENTS).query("range != 'scan'")
    fits["place"] = fits.groupby(["sample", "width", "observable"], sort=False).cumcount()
    slopes, shapes = read_tsv(gammas, GAMMAS), read_tsv(collapses, COLLAPSES)
    rows = []
    for (sample, width), points in fits.groupby(["sample", "width"], sort=False):
        found = {SYMBOL[name]: [_ends(row) for _, row in of.iterrows()] for name, of in points.groupby("observable")}
        found["ratio"] = [_ratio(of.set_index("observable"), confidence) for _, of in points.groupby("place")]
        of_gamma = slopes[(slopes["sample"] == sample) & (slopes["width"] == width)]
        ordered = of_gamma.sort_values("declared", ascending=False, kind="stable")
        found["gamma"] = [(row["gamma"], row["ci_low"], row["ci_high"]) for _, row in ordered.iterrows()]
        of_shape = shapes[(shapes["sample"] == sample) & (shapes["width"] == width)]
        if len(of_shape):
            found["gamma_star"] = [(row["gamma_star"], row["ci_low"], row["ci_high"]) for _, row in of_shape.iterrows()]
        rows += [_row(sample, width, quantity, ends) for quantity, ends in found.items()]
        hulls = {quantity: _hull(ends) for quantity, ends in found.items()}
        for first, second in (("gamma", "gamma_star"), ("gamma", "ratio"), ("gamma_star", "ratio")):
            if first in hulls and second in hulls:
                (value, low, high), (other, other_low, other_high) = hulls[first], hulls[second]
                ends = [(value - other, low - other_high, high - other_low)]
                rows.append(_row(sample, width, f"{first} - {second}", ends, len(found[first]) * len(found[second])))
    for (sample, observable), points in fits.groupby(["sample", "observable"], sort=False):
        by_range = [of for _, of in points.groupby("place") if len(of) >= FEWEST_WIDTHS]
        fitted = [
            extrapolate(of["width"], of["exponent"], of["standard_error"], confidence=confidence) for of in by_range
        ]
        if fitted:
            symbol = SYMBOL[observable]
            rows.append(_row(sample, INFINITE, symbol, [(fit.tau, fit.tau_ci_low, fit.tau_ci_high) for fit in fitted]))
            rows.append(
                _row(sample, INFINITE, f"w of {symbol}", [(fit.w, fit.w_ci_low, fit.w_ci_high) for fit in fitted])
            )
    write_tsv(pd.DataFrame(rows, columns=[column.name for column in RANGE_SPANS.columns]), table, RANGE_SPANS)


def _ends(row: "pd.Series[float]") -> Ends:
    return row["exponent"], row["ci_low"], row["ci_high"]


def _ratio(by_observable: pd.DataFrame, confidence: float) -> Ends:
    duration, size = by_observable.loc["duration"], by_observable.loc["size"]
    found = ratio_interval(
        duration["exponent"], duration["standard_error"], size["exponent"], size["standard_error"],
        confidence=confidence,
    )  # fmt: skip
    return found.ratio, found.ci_low, found.ci_high


def _hull(ends: list[Ends]) -> Ends:
    """The first value and the extremes of all intervals, which hold every value as well."""
    values, lows, highs = np.array(ends, float).T
    return values[0], min(lows.min(), values.min()), max(highs.max(), values.max())


def _row(sample: str, width: int, quantity: str, ends: list[Ends], ranges: int = 0) -> tuple[object, ...]:
    value, low, high = _hull(ends)
    number = ranges or len(ends)
    method = "as on the declared range" if number == 1 else f"hull of intervals on {number} ranges"
    return sample, width, quantity, value, low, high, number, method


if "snakemake" in globals():
    run(main, snakemake)
