"""Numbers that claims of Fig. 3 and S2 are judged by."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import ttest_ind

from deepcrit.experiments.levy_training.schemas import FINALLY, INITIALLY, MIDWAY, ON_GRID, REPEATED
from deepcrit.experiments.multifractality.schemas import EVERY_VECTOR
from deepcrit.physics.heavytails import line_gain
from deepcrit.physics.heavytails.phases import PHASE_READINGS
from deepcrit.stats.intervals import CONFIDENCE, mean_interval
from deepcrit.stats.ranks import rank_correlation

_HEAVY, _GAUSSIAN = 1.2, 2.0  # alpha of the two networks of Fig. 3a
_MOST_ALPHA = 1.8  # alpha up to which the ordered line is said to bound multifractality


def multifractal_landmarks(trained: pd.DataFrame, scaling: pd.DataFrame, random: pd.DataFrame) -> pd.DataFrame:
    """Schema ``multifractal_landmarks``.

    Args:
        trained: schema ``trained_dimensions``.
        scaling: schema ``dimension_scaling``.
        random: schema ``random_dimensions``.
    """
    second = trained[trained["power"] == trained["power"].max()]
    grid = second[second["sample"] == ON_GRID]
    repeated = second[second["sample"].isin([ON_GRID, REPEATED]) & _at_repeats(second)]
    rows = [
        *(_heavier(repeated, snapshot) for snapshot in (INITIALLY, MIDWAY, FINALLY)),
        *(_kept(repeated, alpha) for alpha in (_HEAVY, _GAUSSIAN)),
        *(_with_alpha(grid, reading) for reading in PHASE_READINGS),
        *(_above_line(grid, reading) for reading in PHASE_READINGS),
        _maps(grid),
        *_with_size(scaling, random),
    ]
    return pd.DataFrame(rows).assign(protocol=trained["protocol"].iloc[0])


def _at_repeats(rows: pd.DataFrame) -> pd.Series[bool]:
    """Whether a network is at a place with repeats; with none the two networks of the grid stand alone."""
    repeats = rows.loc[rows["sample"] == REPEATED, ["alpha", "gain"]].drop_duplicates()
    places = set(repeats.itertuples(index=False, name=None))
    return pd.Series([place in places for place in zip(rows["alpha"], rows["gain"], strict=True)], rows.index)


def _landmark(quantity: str, value: float, ends: tuple[float, float], **told: Any) -> dict[str, Any]:
    return {"quantity": quantity, "value": value, "ci_low": ends[0], "ci_high": ends[1], "p_value": np.nan, **told}


def _difference(first: pd.Series[float], second: pd.Series[float]) -> dict[str, Any]:
    if min(len(first), len(second)) < 2:
        return {"value": np.nan, "ends": (np.nan, np.nan), "p_value": np.nan}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        found = ttest_ind(first, second, equal_var=False)
    interval = found.confidence_interval(CONFIDENCE)
    value = float(first.mean() - second.mean())
    return {"value": value, "ends": (float(interval.low), float(interval.high)), "p_value": float(found.pvalue)}


def _heavier(repeated: pd.DataFrame, snapshot: str) -> dict[str, Any]:
    there = repeated[repeated["snapshot"] == snapshot]
    heavy, gaussian = (there.loc[np.isclose(there["alpha"], alpha), "dimension"] for alpha in (_HEAVY, _GAUSSIAN))
    return _landmark(
        f"heavier_{snapshot}", **_difference(heavy, gaussian), ci_method="Welch over networks",
        networks=len(heavy) + len(gaussian),
        what=f"D_2 at alpha = {_HEAVY:g} less that at {_GAUSSIAN:g}, of networks of Fig. 3a, {snapshot}",
    )  # fmt: skip


def _kept(repeated: pd.DataFrame, alpha: float) -> dict[str, Any]:
    there = repeated[np.isclose(repeated["alpha"], alpha)].pivot_table(
        index="point", columns="snapshot", values="dimension"
    )
    change = mean_interval(there[FINALLY] - there[INITIALLY]) if len(there) else mean_interval([])
    return _landmark(
        f"kept_{alpha:g}", change.value, (change.ci_low, change.ci_high), ci_method="Student over networks",
        networks=len(there), what=f"D_2 after training less that before, of networks of Fig. 3a at alpha = {alpha:g}",
    )  # fmt: skip


def _beyond_line(grid: pd.DataFrame, reading: str) -> pd.Series[bool]:
    lines = {alpha: line_gain(alpha, reading) for alpha in grid["alpha"].unique()}
    return grid["gain"] > grid["alpha"].map(lines)


def _with_alpha(grid: pd.DataFrame, reading: str) -> dict[str, Any]:
    there = grid[grid["snapshot"] == FINALLY]
    there = there[_beyond_line(there, reading)]
    found = rank_correlation(there["dimension"], there["alpha"])
    return _landmark(
        f"with_alpha_{reading}", found.value, (found.ci_low, found.ci_high),
        ci_method="Fisher's z, variance of Bonett and Wright", networks=found.n,
        what=f"rank correlation of D_2 with alpha above the ordered line ({reading}), after training",
    ) | {"p_value": found.p_value}  # fmt: skip


def _above_line(grid: pd.DataFrame, reading: str) -> dict[str, Any]:
    there = grid[(grid["snapshot"] == FINALLY) & (grid["alpha"] <= _MOST_ALPHA)]
    above = _beyond_line(there, reading)
    return _landmark(
        f"above_line_{reading}", **_difference(there.loc[above, "dimension"], there.loc[~above, "dimension"]),
        ci_method="Welch over networks", networks=len(there),
        what=f"mean D_2 above the ordered line ({reading}) less below it, alpha up to {_MOST_ALPHA:g}, after training",
    )  # fmt: skip


def _maps(grid: pd.DataFrame) -> dict[str, Any]:
    maps = (
        grid.pivot_table(index="point", columns="snapshot", values="dimension")
        .reindex(columns=[MIDWAY, FINALLY])
        .dropna()
    )
    found = rank_correlation(maps[MIDWAY], maps[FINALLY])
    return _landmark(
        "maps", found.value, (found.ci_low, found.ci_high), ci_method="Fisher's z, variance of Bonett and Wright",
        networks=found.n, what="rank correlation over the grid of D_2 in the middle of training and after it",
    ) | {"p_value": found.p_value}  # fmt: skip


def _with_size(scaling: pd.DataFrame, random: pd.DataFrame) -> list[dict[str, Any]]:
    """Of random networks at q = 2: the limit at every alpha, and how far the largest Gaussian ones are from one."""
    whole = scaling[(scaling["fifth"] == EVERY_VECTOR) & (scaling["between_widths"] == "all")]
    second = whole[whole["power"] == whole["power"].max()]
    rows = [
        _landmark(
            f"limit_{row.alpha:g}", row.limit, (row.ci_low, row.ci_high), ci_method=row.ci_method,
            networks=row.matrices,
            what=f"D_2 of random networks as N grows, alpha = {row.alpha:g}",
        )
        for row in second.itertuples()
    ]  # fmt: skip
    gaussian = random[(random["alpha"] == random["alpha"].max()) & (random["fifth"] == EVERY_VECTOR)]
    gaussian = gaussian[gaussian["power"] == gaussian["power"].max()].sort_values("width")
    first, last = gaussian.iloc[0], gaussian.iloc[-1]
    rise = last["dimension"] - first["dimension"]
    reach = np.hypot(*((row["ci_high"] - row["ci_low"]) / 2 for row in (first, last)))
    rows.append(
        _landmark(
            "gaussian_rise", rise, (rise - reach, rise + reach), ci_method="Student over matrices, both ends",
            networks=int(gaussian["matrices"].sum()),
            what="D_2 of the widest random networks at the largest alpha, less that of the narrowest",
        )
    )  # fmt: skip
    rows.append(
        _landmark(
            "gaussian_widest", last["dimension"], (last["ci_low"], last["ci_high"]), ci_method=last["ci_method"],
            networks=int(last["matrices"]), what="D_2 of the widest random networks at the largest alpha",
        )
    )  # fmt: skip
    return rows
