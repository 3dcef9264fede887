"""Avalanches in networks of stable weights: at which gains, and with which exponents."""

from __future__ import annotations

from deepcrit.core.schema import Column, Schema

_POINT = (
    Column("alpha", "float64", "index of stability of the weights"),
    Column("width", "int32", "neurons per layer, N"),
    Column("relative_gain", "float64", "gain over that of the ordered line q* = 0.01"),
    Column("drift_free", "bool", "whether the gain is that at which a weak signal does not drift"),
)

LEVY_GAINS = Schema(
    "levy_gains",
    (
        *_POINT,
        Column("gain", "float64", "g = D_w^(1/alpha)"),
        Column("standard_error", "float64", "of the gain; zero on and beside the ordered line"),
        Column("first_block", "int32", "first of its blocks in the manifest"),
        Column("blocks", "int32", "how many there are"),
        Column("launched", "int64", "avalanches of all of them"),
    ),
)
LEVY_EXPONENTS = Schema(
    "levy_exponents",
    (
        *_POINT,
        Column("gain", "float64", "g = D_w^(1/alpha)"),
        Column("launched", "int64", "avalanches launched"),
        Column("started", "float64", "share of them that outlive the first layer"),
        Column("censored", "float64", "share of those that live at the last layer"),
        Column("quantity", "text", "tau_d or tau_s, exponents of durations and sizes; gamma, of mean size by duration; "
               "ratio, (tau_d - 1)/(tau_s - 1); or mismatch, gamma less ratio"),
        Column("value", "float64", "on the straight range, or on the shortest that is fitted", nullable=True),
        Column("ci_low", "float64", "lower end of its interval", nullable=True),
        Column("ci_high", "float64", "upper end of its interval", nullable=True),
        Column("ci_method", "text", "how the interval was made"),
        Column("xmin", "float64", "lower end of the range", nullable=True),
        Column("xmax", "float64", "upper end, to which the law is straight", nullable=True),
        Column("decades", "float64", "log10 of their ratio; zero where no range is straight", nullable=True),
        Column("ks_distance", "float64", "from the fitted power law on the range", nullable=True),
        Column("n", "int64", "avalanches in the range"),
    ),
)  # fmt: skip
LEVY_CURVES = Schema(
    "levy_curves",
    (
        *_POINT,
        Column("observable", "text", "duration or size, with the share of launched avalanches of that value or "
               "more; or mean_size, of avalanches of that duration"),
        Column("at", "float64", "duration in layers, or size in units of 1/sqrt(N)"),
        Column("value", "float64", "share, or mean size in units of 1/sqrt(N)"),
    ),
)  # fmt: skip
