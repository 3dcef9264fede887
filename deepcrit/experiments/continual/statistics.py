"""What the sequences of tasks say, one number a stream, and its mean over streams with an interval."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepcrit.experiments.continual.bins import PAIRED, binned
from deepcrit.experiments.continual.schemas import BACKPROPAGATION, CRITICALITY, REPLACEMENT
from deepcrit.stats.intervals import mean_interval
from deepcrit.stats.ranks import rank_correlation

LEAST_STREAMS = 3  # two have an interval of thirteen times their scatter, or none if they happen to agree
CONFIGURATION = ["replacement_rate", "target", "strength"]


class FittedParabola(NamedTuple):
    """Accuracy as a parabola in a predictor, shifted for one of two methods.

    Attributes:
        shift: accuracy of the second method less that of the first at equal predictor.
        best: predictor of the highest accuracy within the range of the data.
    """

    shift: float
    best: float


def statistics(tasks: pd.DataFrame, averaged: int) -> pd.DataFrame:
    """Schema ``continual_statistics``, for the tasks of one sequence.

    A stream has tasks, initial parameters and an order of images of its own, so that streams are independent; tasks of
    one stream are not. Intervals are Student's over streams; under three have none.

    Args:
        tasks: rows of schema ``continual_tasks`` of one data set and protocol.
        averaged: tasks of a bin, and of the first and last ones.
    """
    streams = [rows for _, rows in tasks.groupby("stream", sort=False)]
    means = pd.DataFrame([mean_accuracies(rows) for rows in streams])
    rows = []
    for quantity, what, of in _QUANTITIES:
        rows.append(_over_streams(quantity, what, np.array([of(stream, averaged) for stream in streams])))
    for quantity, what, values in selected(means):
        rows.append(_over_streams(quantity, what, values))
    head = {column: tasks[column].iloc[0] for column in ("sample", "data", "protocol")}
    return pd.DataFrame(rows).assign(**head)


def _over_streams(quantity: str, what: str, values: NDArray[np.float64]) -> dict[str, Any]:
    found = mean_interval(values, minimum=LEAST_STREAMS)
    return {
        "quantity": quantity,
        "value": found.value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_method": "Student's t over streams",
        "streams": int(np.isfinite(values).sum()),
        "what": what,
    }


def curve(predictor: NDArray[np.float64], accuracy: NDArray[np.float64], second: NDArray[np.bool_]) -> FittedParabola:
    """Least squares of accuracy on 1, x, x^2 and the method.

    Args:
        predictor: shape (n,).
        accuracy: shape (n,).
        second: which rows are of the second method, shape (n,); none if there is one method alone.

    Returns:
        Missing values where the coefficients are not determined.
    """
    columns = [np.ones_like(predictor), predictor, predictor**2]
    if second.any():
        columns.append(second.astype(float))
    design = np.column_stack(columns)
    if len(design) <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1]:
        return FittedParabola(np.nan, np.nan)
    found = np.linalg.lstsq(design, accuracy, rcond=None)[0]
    ends = np.array([predictor.min(), predictor.max()])
    candidates = np.append(ends, np.clip(-found[1] / (2.0 * found[2]), *ends)) if found[2] != 0 else ends
    best = candidates[np.argmax(found[1] * candidates + found[2] * candidates**2)]
    return FittedParabola(float(found[3]) if second.any() else np.nan, float(best))


def _first_and_last(rows: pd.DataFrame, averaged: int, column: str) -> tuple[float, float]:
    bp = rows[rows["method"] == BACKPROPAGATION]
    count = bp["task"].max()
    last = bp.loc[bp["task"] > count - averaged, column].mean()
    return float(bp.loc[bp["task"] <= averaged, column].mean()), float(last)


def _accuracy_change(rows: pd.DataFrame, averaged: int) -> float:
    first, last = _first_and_last(rows, averaged, "accuracy")
    return 100.0 * (last - first)


def _trend(column: str) -> Callable[[pd.DataFrame, int], float]:
    def trend(rows: pd.DataFrame, averaged: int) -> float:
        bp = rows[(rows["method"] == BACKPROPAGATION) & rows[column].notna()]
        return rank_correlation(bp["task"], bp[column]).value

    return trend


def _last_exponent(rows: pd.DataFrame, averaged: int) -> float:
    return _first_and_last(rows, averaged, "lyapunov_exponent")[1]


def _with_distance(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(distance=rows["lyapunov_exponent"].abs())


def _by_rate(column: str) -> Callable[[pd.DataFrame, int], float]:
    def by_rate(rows: pd.DataFrame, averaged: int) -> float:
        of = _with_distance(rows[rows["method"] == REPLACEMENT]).groupby("replacement_rate")[column].mean().dropna()
        return rank_correlation(of.index, of).value

    return by_rate


def _accuracy_by_distance(rows: pd.DataFrame, averaged: int) -> float:
    critical = _with_distance(rows[rows["method"] == CRITICALITY])
    weaker = critical[critical["strength"] < critical["strength"].max()]
    of = weaker.groupby(["target", "strength"])[["distance", "accuracy"]].mean().dropna()
    return rank_correlation(of["distance"], of["accuracy"]).value


def _over_backpropagation(method: str, column: str, unit: float = 1.0) -> Callable[[pd.DataFrame, int], float]:
    def difference(rows: pd.DataFrame, averaged: int) -> float:
        means = _with_distance(rows).groupby("method")[column].mean()
        return float(unit * (means[method] - means[BACKPROPAGATION]))

    return difference


def _of_bins(part: str, predictor: str) -> Callable[[pd.DataFrame, int], float]:
    """Part of the curve in lambda_0 or its distance from zero, through the bins of all configurations of both methods.

    Accuracy is that of the tasks that have an exponent.
    """

    def value(rows: pd.DataFrame, averaged: int) -> float:
        bins = binned(rows[rows["method"].isin((REPLACEMENT, CRITICALITY))], averaged)
        bins = _with_distance(bins).dropna(subset=[predictor])
        accuracy = bins[PAIRED["lyapunov_exponent"]].to_numpy(float)
        found = curve(bins[predictor].to_numpy(float), accuracy, bins["method"].to_numpy() == CRITICALITY)
        return float(getattr(found, part))

    return value


def mean_accuracies(rows: pd.DataFrame) -> pd.Series:
    """Accuracy of every configuration in percent, averaged over the tasks of one stream."""
    return 100.0 * rows.groupby(["method", *CONFIGURATION], sort=False)["accuracy"].mean()


def selected(means: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.float64]]]:
    """What the best configuration comes to, chosen on the other streams so that the choice does not flatter it.

    Args:
        means: streams in rows, (method, rate, target, strength) in columns.
    """
    columns = means.columns
    critical = columns[columns.get_level_values("method") == CRITICALITY]
    replacing = columns[columns.get_level_values("method") == REPLACEMENT]
    strengths = critical.get_level_values("strength")
    strongest, weaker = critical[strengths == strengths.max()], critical[strengths < strengths.max()]
    plain = means[columns[columns.get_level_values("method") == BACKPROPAGATION]].to_numpy(float)[:, 0]
    best = {name: _chosen(means, of) for name, of in (
        ("critical", critical), ("replacing", replacing), ("strongest", strongest), ("weaker", weaker),
    )}  # fmt: skip
    how = "configurations chosen by mean accuracy on the other streams"
    yield (
        "best_criticality_less_best_replacement",
        f"accuracy of the criticality loss less continual backpropagation, in points; {how}",
        best["critical"] - best["replacing"],
    )
    yield (
        "best_criticality_less_backpropagation",
        f"accuracy of the criticality loss less backpropagation, in points; {how}",
        best["critical"] - plain,
    )
    yield (
        "best_replacement_less_backpropagation",
        f"accuracy of continual backpropagation less backpropagation, in points; {how}",
        best["replacing"] - plain,
    )
    yield (
        "weaker_less_strongest",
        f"accuracy of the criticality loss with less than the largest alpha less that with it, in points; {how}",
        best["weaker"] - best["strongest"],
    )


def _chosen(means: pd.DataFrame, of: pd.Index[Any]) -> NDArray[np.float64]:
    """Accuracy on each stream of the configuration that is best on the others, or of the best of a single stream."""
    values = means[of].to_numpy(float)
    others = values.sum(axis=0) - values if len(values) > 1 else values
    return np.take_along_axis(values, others.argmax(axis=1)[:, None], axis=1)[:, 0]


_QUANTITIES: list[tuple[str, str, Callable[[pd.DataFrame, int], float]]] = [
    (
        "backpropagation_accuracy_change",
        "accuracy of backpropagation in the last tasks less the first, as many as a bin has, in points",
        _accuracy_change,
    ),
    ("backpropagation_accuracy_trend", "Spearman's correlation of accuracy with the task", _trend("accuracy")),
    ("backpropagation_exponent_trend", "Spearman's correlation of lambda_0 with the task", _trend("lyapunov_exponent")),
    ("backpropagation_last_exponent", "lambda_0 of backpropagation in the last tasks", _last_exponent),
    ("accuracy_by_rate", "Spearman's correlation of mean accuracy with rho", _by_rate("accuracy")),
    ("distance_by_rate", "Spearman's correlation of mean |lambda_0| with rho", _by_rate("distance")),
    (
        "accuracy_by_distance",
        "Spearman's correlation of mean accuracy with mean |lambda_0| over configurations of the criticality loss "
        "with less than the largest alpha",
        _accuracy_by_distance,
    ),
    (
        "criticality_accuracy_gain",
        "accuracy of the criticality loss, mean over configurations, less backpropagation, in points",
        _over_backpropagation(CRITICALITY, "accuracy", 100.0),
    ),
    (
        "criticality_distance_gain",
        "|lambda_0| of the criticality loss, mean over configurations, less backpropagation",
        _over_backpropagation(CRITICALITY, "distance"),
    ),
    (
        "replacement_accuracy_gain",
        "accuracy of continual backpropagation, mean over rates, less backpropagation, in points",
        _over_backpropagation(REPLACEMENT, "accuracy", 100.0),
    ),
    (
        "method_shift_at_exponent",
        "accuracy of the criticality loss less continual backpropagation at equal lambda_0, in points, by a parabola",
        _of_bins("shift", "lyapunov_exponent"),
    ),
    (
        "method_shift_at_distance",
        "accuracy of the criticality loss less continual backpropagation at equal |lambda_0|, in points, by a parabola",
        _of_bins("shift", "distance"),
    ),
    (
        "best_exponent",
        "lambda_0 of the highest accuracy of both methods, by a parabola, within the range of the data",
        _of_bins("best", "lyapunov_exponent"),
    ),
]
