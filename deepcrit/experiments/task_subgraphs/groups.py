"""Which networks are summarised and drawn together, and what their laws are fitted to."""

from __future__ import annotations

import pandas as pd

ALL_SETTINGS = "all settings"
FITTED_RANGES = ("all values", "xmin of least distance")


def with_groups(table: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """With columns of runs, and ``group``: trained to the published end, initial, shuffled labels, or the sample."""
    merged = table.merge(runs[["run", "sample", "hidden", "neurons", "log_mobility", "shuffled"]], on="run")
    named = merged["sample"].where(merged["sample"] != "terminal", "trained")
    named = named.where(~merged["shuffled"], "shuffled labels")
    return merged.assign(group=named.where(merged["iteration"] > 0, "initial"))
