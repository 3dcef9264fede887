"""Averages over successive tasks."""

from __future__ import annotations

import pandas as pd

KEYS = ["sample", "data", "protocol", "method", "replacement_rate", "target", "strength"]
_QUANTITIES = ["accuracy", "lyapunov_exponent", "penalty_change", "dead_units"]
# what accuracy is held against, and the mean accuracy of the tasks that have it: a mean over all tasks, with those of
# networks that guess, would be put at the exponent of the others
PAIRED = {"lyapunov_exponent": "accuracy_with_exponent", "penalty_change": "accuracy_with_change"}


def binned(tasks: pd.DataFrame, averaged: int) -> pd.DataFrame:
    """Means over bins of tasks and over streams, schema ``continual_bins``; the last bin may be shorter.

    Standard errors take tasks as independent, as those of the paper do.

    Args:
        tasks: schema ``continual_tasks``.
        averaged: tasks of a bin.
    """
    rows = tasks.assign(bin=(tasks["task"] - 1) // averaged, accuracy=100.0 * tasks["accuracy"])
    rows = rows.assign(**{name: rows["accuracy"].where(rows[predictor].notna()) for predictor, name in PAIRED.items()})
    groups = rows.groupby([*KEYS, "bin"], sort=False)
    means = groups[[*_QUANTITIES, *PAIRED.values()]].mean()
    errors = groups[_QUANTITIES].sem().add_suffix("_error")
    extent = groups["task"].agg(first_task="min", last_task="max", rows="size")
    return means.join(errors).join(extent).reset_index().drop(columns="bin")
