"""How measures of graphs rise and fall as networks learn, and how that follows their size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deepcrit.experiments.correlation_graphs.schemas import SIZE_SLOPES, TRANSITION
from deepcrit.stats.intervals import mean_interval, slope_interval
from deepcrit.stats.ranks import rank_correlation_value, trend

SETTING_COLUMNS = [
    "sample", "hidden", "neurons", "activation", "initialisation", "learning_rate", "batch", "log_mobility", "shuffled",
]  # fmt: skip
SCALED = ("sizes", "terminal", "shuffled")  # samples of one setting but for their size
GRAPH_QUANTITIES = ("edges", "mean_degree", "survival", "largest_component", "susceptibility", "curvature_entropy")
OTHER_QUANTITIES = (
    "norm", "similarity", "prediction_entropy", "information_gain", "explained_variance", "spectral_exponent",
    "accuracy", "batch_edges", "batch_edges_variance",
)  # fmt: skip
NORM_SQUARED = "norm squared"
TOGETHER = ("norm", "survival", "mean_degree", "curvature_entropy")  # whose peaks are said to coincide
GEOMETRIC = ("peak_iteration", "onset_iteration", "peak_spread")


def long_form(
    correlations: pd.DataFrame, graphs: pd.DataFrame, history: pd.DataFrame, threshold: float
) -> pd.DataFrame:
    """All measures one below the other: run, iteration, quantity, threshold, signed, value.

    Args:
        correlations: schema ``correlation_measures``; their threshold, where they have one, is C_th.
        graphs: schema ``graph_measures``.
        history: schema ``run_history``, from which fluctuations of the loss are taken, relative to the loss.
        threshold: C_th.
    """
    noise = history.assign(value=history["loss_fluctuation"] / history["loss"], quantity="relative_fluctuation")
    noise = noise.loc[noise["value"].notna() & noise["run"].isin(correlations["run"])]
    noise = noise[["run", "iteration", "quantity", "value"]].assign(threshold=threshold, signed=False)
    squared = correlations.assign(**{NORM_SQUARED: correlations["norm"] ** 2})
    others = squared.melt(["run", "iteration"], [*OTHER_QUANTITIES, NORM_SQUARED], "quantity").assign(
        threshold=threshold, signed=False
    )
    measures = graphs.melt(["run", "iteration", "threshold", "signed"], GRAPH_QUANTITIES, "quantity")
    return pd.concat([others, noise, measures], ignore_index=True)


def statistics_of(iterations: np.ndarray, values: np.ndarray, transition: int) -> dict[str, float]:
    """What a measure did over the iterations of one network.

    Args:
        iterations: ascending, shape (n,).
        values: of the measure, shape (n,); NaN where it has none.
        transition: iteration that counts as the transition.

    Returns:
        ``initial``, ``at_transition``, ``final`` and ``peak`` values; ``growth``, the peak over the initial value;
        ``peak_iteration``, of the first maximum, at least 0.5, since logarithms are averaged; ``onset_iteration``, at
        which half of the rise from the initial value to the peak is done, interpolated; ``rise`` and ``fall``, the
        value at the transition less the initial and the final one; ``prominence``, the peak over the final value;
        ``last_less_peak``, the final value less the largest before it; ``share_before``, of the whole change, up to the
        transition; ``after_over_before``, the mean up to ten times the transition over that up to it;
        ``time_correlation``, Spearman's, with the iteration; ``turns``, changes of direction, and ``early_turns``,
        those within a factor of three of the transition. NaN where there is none.
    """
    at = dict(zip(iterations.tolist(), values.tolist(), strict=True))
    missing = np.nan
    known = np.isfinite(values)
    initial, final, middle = float(values[0]), float(values[-1]), at.get(transition, missing)
    of_peaks = ("peak", "peak_iteration", "growth", "onset_iteration", "prominence", "last_less_peak")
    found = dict.fromkeys(of_peaks, missing)
    if known.all():
        place = int(values.argmax())
        found["peak"], found["peak_iteration"] = float(values[place]), max(float(iterations[place]), 0.5)
        found["growth"] = found["peak"] / initial if initial > 0 else missing
        found["onset_iteration"] = _onset(iterations[: place + 1], values[: place + 1])
        found["prominence"] = found["peak"] / final if final > 0 else missing
        found["last_less_peak"] = final - float(values[:-1].max()) if values.size > 1 else missing
    steps = np.sign(np.diff(values[known]))
    inner = iterations[known][1:-1]
    turning = steps[1:] * steps[:-1] < 0 if steps.size > 1 else np.zeros(0, bool)
    close = (inner >= transition / 3.0) & (inner <= transition * 3.0) if steps.size > 1 else np.zeros(0, bool)
    return found | {
        "initial": initial,
        "at_transition": middle,
        "final": final,
        "rise": middle - initial,
        "fall": middle - final,
        "share_before": (middle - initial) / (final - initial) if final != initial else missing,
        "after_over_before": _after_over_before(iterations[known], values[known], transition),
        "time_correlation": rank_correlation_value(iterations[known], values[known]),
        "turns": float(turning.sum()),
        "early_turns": float((turning & close).sum()),
    }


def _after_over_before(iterations: np.ndarray, values: np.ndarray, transition: int) -> float:
    before = values[iterations <= transition]
    after = values[(iterations > transition) & (iterations <= 10 * transition)]
    return float(after.mean() / before.mean()) if before.size and after.size and before.mean() > 0 else float("nan")


def _onset(iterations: np.ndarray, values: np.ndarray) -> float:
    """Where a rise to the last value is half done, between iterations on a line; NaN if there is no rise."""
    half = 0.5 * (values[0] + values[-1])
    above = np.flatnonzero(values > half)
    if values[-1] <= values[0] or not above.size or above[0] == 0:
        return float("nan")
    place = int(above[0])
    share = (half - values[place - 1]) / (values[place] - values[place - 1])
    return float(iterations[place - 1] + share * (iterations[place] - iterations[place - 1]))


def transitions(runs: pd.DataFrame, measures: pd.DataFrame, transition: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Statistics of every network, and their means over seeds with Student's interval.

    Args:
        runs: schema ``run_outcomes``.
        measures: of :func:`long_form`.
        transition: iteration that counts as the transition.

    Returns:
        A row a network, quantity and statistic; and schema ``transition``.
    """
    keys = ["run", "quantity", "threshold", "signed"]
    at, measured = measures["iteration"].to_numpy(), measures["value"].to_numpy(float)
    rows = [
        key | {"statistic": statistic, "value": value}
        for key, places in _groups(measures, keys)
        for statistic, value in statistics_of(at[places], measured[places], transition).items()
    ]
    rows += _peak_spreads(pd.DataFrame(rows), measures["threshold"].min())
    single = runs[["run", "seed", *SETTING_COLUMNS]].merge(pd.DataFrame(rows), on="run")
    found, every = [], single["value"].to_numpy(float)
    for named, places in _groups(single, [*SETTING_COLUMNS, "quantity", "threshold", "signed", "statistic"]):
        values, geometric = every[places], named["statistic"] in GEOMETRIC
        with np.errstate(invalid="ignore", divide="ignore"):
            estimate = mean_interval(np.log(values) if geometric else values)
        ends = [float(np.exp(end)) if geometric else end for end in (estimate.value, estimate.ci_low, estimate.ci_high)]
        named |= {"networks": int(np.isfinite(values).sum()), "value": ends[0], "ci_low": ends[1], "ci_high": ends[2]}
        found.append(named | {"ci_method": "Student over seeds" + (", of logarithms" if geometric else "")})
    return single, pd.DataFrame(found)[[column.name for column in TRANSITION.columns]]


def _groups(frame: pd.DataFrame, keys: list[str]) -> Iterator[tuple[dict[str, Any], NDArray[np.int64]]]:
    """Values of the keys, and places of the rows that have them, in order of first appearance."""
    numbers = frame.groupby(keys, sort=False).ngroup().to_numpy()
    order = numbers.argsort(kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    for key, places in zip(
        frame[keys].iloc[order[starts]].to_dict("records"), np.split(order, starts[1:]), strict=True
    ):
        yield {str(name): value for name, value in key.items()}, places


def _peak_spreads(rows: pd.DataFrame, threshold: float) -> list[dict[str, object]]:
    """Ratio of the latest to the earliest peak of a network: of several measures, and of degrees at all thresholds.

    Thresholds at which a network never has an edge have no peak; the ratio then is of the others.
    """
    peaks = rows[(rows["statistic"] == "peak_iteration") & ~rows["signed"]]
    heights = rows[(rows["statistic"] == "peak") & ~rows["signed"] & (rows["value"] > 0)]
    peaks = peaks.merge(heights[["run", "quantity", "threshold"]], on=["run", "quantity", "threshold"])
    together = peaks[peaks["quantity"].isin(TOGETHER) & (peaks["threshold"] == threshold)]
    found: list[dict[str, object]] = []
    for name, part in (("four measures", together), ("all thresholds", peaks[peaks["quantity"] == "mean_degree"])):
        for run, values in part.groupby("run", sort=False)["value"]:
            spread = float(values.max() / values.min())
            found.append({"run": run, "quantity": name, "threshold": threshold, "signed": False,
                          "statistic": "peak_spread", "value": spread})  # fmt: skip
    return found


def size_slope(neurons: ArrayLike, values: ArrayLike) -> tuple[float, float, float]:
    """Exponent of M in a quantity, by least squares of logarithms, with Student's interval.

    Values that are not positive are left out. NaN for fewer than three networks or a single size.
    """
    x, y = np.asarray(neurons, float), np.asarray(values, float)
    kept = np.isfinite(y) & (y > 0)
    found = slope_interval(np.log(x[kept]), np.log(y[kept]))
    return found.value, found.ci_low, found.ci_high


def graph_trends(single: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Rank correlations over networks; schema ``rank_correlations``.

    Args:
        single: of :func:`transitions`.
        threshold: C_th.
    """
    wanted = single[(single["threshold"] == threshold) & ~single["signed"]]
    rows = []
    for sample, against in (("batches", "learning_rate"), ("readings", "learning_rate"), ("batches", "batch")):
        part = wanted[(wanted["sample"] == sample) & (wanted["statistic"] == "peak_iteration")]
        for quantity in ("norm", "mean_degree"):
            chosen = part[part["quantity"] == quantity]
            rows.append(trend(f"peak iteration of {quantity}", against, sample, chosen["value"], chosen[against]))
    for sample in SCALED:
        part = wanted[(wanted["sample"] == sample) & (wanted["statistic"] == "prominence")]
        for quantity in ("norm", "mean_degree", "largest_component"):
            chosen = part[part["quantity"] == quantity].dropna(subset="value")
            rows.append(trend(f"prominence of {quantity}", "neurons", sample, chosen["value"], chosen["neurons"]))
    return pd.DataFrame(rows)


def size_slopes(single: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """How measures follow the size of networks, from the start to the end and at their peak; schema ``size_slopes``.

    Args:
        single: of :func:`transitions`.
        threshold: C_th.
    """
    where = {"start": "initial", "transition": "at_transition", "end": "final", "peak": "peak",
             "peak over start": "growth", "peak iteration": "peak_iteration"}  # fmt: skip
    wanted = single[(single["threshold"] == threshold) & ~single["signed"] & single["sample"].isin(SCALED)]
    rows: list[tuple[object, ...]] = []
    method = "Student, least squares of logarithms"
    for sample, networks in wanted.groupby("sample", sort=False):
        for iteration, statistic in where.items():
            chosen = networks[networks["statistic"] == statistic]
            for quantity in ("norm", NORM_SQUARED, "largest_component", "mean_degree", "survival", "susceptibility"):
                part = chosen[chosen["quantity"] == quantity]
                found = size_slope(part["neurons"], part["value"])
                sizes = f"{part['neurons'].min()} to {part['neurons'].max()}"
                rows.append((sample, iteration, quantity, "neurons", sizes, len(part), *found, method))
    settings = single[(single["sample"] == "batches") & (single["threshold"] == threshold) & ~single["signed"]]
    of_peaks = settings["quantity"].isin(["norm", NORM_SQUARED, "mean_degree"])
    peaks = settings[(settings["statistic"] == "peak_iteration") & of_peaks]
    for measure, part in peaks.groupby("quantity", sort=False):
        for against, other in (("batch", "learning_rate"), ("learning_rate", "batch")):
            # at each value of the other
            level = np.log(part["value"]) - np.log(part["value"]).groupby(part[other]).transform("mean")
            spread = f"{part[against].min():g} to {part[against].max():g}"
            found = size_slope(part[against], np.exp(level))
            rows.append(("batches", "peak iteration", str(measure), against, spread, len(part), *found, method))
    return pd.DataFrame(rows, columns=[column.name for column in SIZE_SLOPES.columns])
