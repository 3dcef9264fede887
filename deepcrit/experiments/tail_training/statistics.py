"""Changes of every series, and their means over networks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from deepcrit.core.arrays import Floats
from deepcrit.experiments.tail_training.changes import NO_CHANGE, find_change
from deepcrit.experiments.tail_training.schemas import TAIL_STATISTICS
from deepcrit.stats.intervals import mean_interval

_ALPHA, _SCALE = "alpha", "ln scale"
AS_PUBLISHED, SMALLER = "the published protocol", "a smaller protocol"


def tail_changes(runs: pd.DataFrame, history: pd.DataFrame, heavy_below: float) -> pd.DataFrame:
    """Schema ``tail_changes``; a network that diverged has no change.

    Args:
        runs: schema ``tail_runs``.
        history: schema ``tail_history``.
        heavy_below: alpha below which tails count as heavy.
    """
    rows = []
    for run in runs.itertuples():
        for matrix, series in history[history["point"] == run.point].groupby("matrix"):
            epochs = series["epoch"].to_numpy(np.float64)
            spike, ratio = largest_spike(epochs, series["largest_loss"].to_numpy(np.float64))
            for quantity, values in ((_ALPHA, series["alpha"]), (_SCALE, np.log(series["scale"]))):
                known = values.to_numpy(np.float64)
                change = find_change(epochs, known) if np.isfinite(known).all() else NO_CHANGE
                rows.append(
                    {
                        "point": run.point,
                        "learning_rate": run.learning_rate,
                        "matrix": matrix,
                        "quantity": quantity,
                        **change._asdict(),
                        "heavy_from": heavy_from(epochs, series["alpha"].to_numpy(np.float64), heavy_below),
                        "spike": spike,
                        "spike_ratio": ratio,
                    }
                )
    return pd.DataFrame(rows)


def heavy_from(epochs: Floats, alpha: Floats, heavy_below: float) -> float:
    """First epoch from which alpha stays below for good; NaN if it is not below at the end."""
    light = np.flatnonzero(~(alpha < heavy_below))
    first = light[-1] + 1 if light.size else 0
    return float(epochs[first]) if first < len(epochs) else np.nan


def largest_spike(epochs: Floats, largest_loss: Floats) -> tuple[float, float]:
    """Epoch whose worst minibatch exceeds that of the epoch before by the largest factor, and that factor."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = largest_loss[1:] / largest_loss[:-1]
    known = np.where(np.isfinite(ratio), ratio, -np.inf)
    if not np.isfinite(known).any():
        return np.nan, np.nan
    place = int(known.argmax())
    return float(epochs[place + 1]), float(known[place])


def tail_statistics(
    runs: pd.DataFrame, history: pd.DataFrame, changes: pd.DataFrame, judged_rate: float, published: bool,
    shown_epoch: int,
) -> pd.DataFrame:  # fmt: skip
    """Schema ``tail_statistics``: means over the networks of each learning rate, with Student's intervals.

    Departures are those of networks whose tail index ends below ``heavy_below``.

    Args:
        runs: schema ``tail_runs``.
        history: schema ``tail_history``.
        changes: schema ``tail_changes``.
        judged_rate: learning rate by which claims are judged.
        published: whether it was trained as published.
        shown_epoch: after which the third matrix is shown.
    """
    rows = []
    for rate in runs["learning_rate"].unique():
        names = runs.loc[runs["learning_rate"] == rate, "point"].tolist()
        head = {
            "learning_rate": rate,
            "judged": rate == judged_rate,
            "protocol": AS_PUBLISHED if published and rate == judged_rate else SMALLER,
        }
        here = history[history["point"].isin(names)]
        last = here[here["epoch"] == here["epoch"].max()].set_index("point")
        for name in ("train_accuracy", "test_accuracy"):
            values = last.loc[last["matrix"] == 1, name].reindex(names)
            rows.append({**head, **_mean(name.replace("_", " "), 0, values)})
        for matrix in sorted(here["matrix"].unique()):
            of = changes[(changes["point"].isin(names)) & (changes["matrix"] == matrix)].set_index("point")
            alpha, scale = (of[of["quantity"] == quantity].reindex(names) for quantity in (_ALPHA, _SCALE))
            # an alpha that falls by a thousandth departs from nothing
            ends_heavy = alpha["heavy_from"].notna()
            departure = alpha["departure"].where(ends_heavy)
            shown = here[(here["epoch"] == shown_epoch) & (here["matrix"] == matrix)].set_index("point").reindex(names)
            for statistic, values in (
                ("ends heavy-tailed", ends_heavy.astype(np.float64)),
                ("departure of alpha", departure),
                ("alpha settled", alpha["settled"].where(ends_heavy)),
                ("heavy-tailed from", alpha["heavy_from"]),
                ("departure of the scale after that of alpha", scale["departure"] - departure),
                ("departure of alpha after the largest spike of the loss", departure - alpha["spike"]),
                ("alpha at the end", last[last["matrix"] == matrix]["alpha"].reindex(names)),
                ("alpha at the epoch shown", shown["alpha"]),
                ("stable over normal at the epoch shown", shown["over_normal"]),
            ):
                rows.append({**head, **_mean(statistic, int(matrix), values)})
    return pd.DataFrame(rows, columns=[column.name for column in TAIL_STATISTICS.columns])


def _mean(statistic: str, matrix: int, values: pd.Series) -> dict[str, object]:
    found = mean_interval(values.to_numpy(np.float64))
    return {
        "statistic": statistic,
        "matrix": matrix,
        "networks": int(values.notna().sum()),
        "value": found.value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_method": "Student over networks",
    }
