"""The plane of mobility and size, and the boundary that is printed in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

PRINTED_BOUNDARY = (0.5, -7.7, 2.5)  # curvature, center, floor


def printed_distance(log_mobility: Any, log_size: Any) -> Any:
    """ln M - phi(ln gamma), with the printed parabola; the printed ratio ln M / phi cannot be negative."""
    curvature, center, floor = PRINTED_BOUNDARY
    return log_size - (curvature * (log_mobility - center) ** 2 + floor)


def phase_plane(
    runs: pd.DataFrame, moments: pd.DataFrame, entropies: pd.DataFrame, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Networks of the plane at the end of training, with mean loss and criterion; NaN for those that diverged."""
    plane = runs[runs["sample"] == settings["plane"]]
    last = {"iteration": plane["iterations"].max()}
    at_end = moments[moments["iteration"] == last["iteration"]][["run", "mean", "family"]]
    criterion = entropies[
        (entropies["iteration"] == last["iteration"]) & (entropies["threshold"] == settings["threshold"])
    ][["run", "entropy", "criterion"]]
    merged = plane.merge(at_end, on="run", how="left").merge(criterion, on="run", how="left")
    return merged.assign(
        log_size=np.log(merged["neurons"]), distance=printed_distance(merged["log_mobility"], np.log(merged["neurons"]))
    )
