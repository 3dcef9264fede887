"""Classifiers as published, with the dynamics that were measured of them."""

from __future__ import annotations

import pandas as pd

DYNAMIC = ("branching_distance", "lyapunov_exponent", "top_singular_value")
EXPONENT_DISTANCE = "|lyapunov_exponent|"  # of the mean over inputs from criticality, where lambda_0 is zero


def with_dynamics(models: pd.DataFrame, dynamics: pd.DataFrame) -> pd.DataFrame:
    """Classifiers with the dynamics that were measured of their judged weights, NaN where there are none.

    Args:
        models: schema ``models``.
        dynamics: schema ``dynamics``, of any weights.

    Returns:
        The rows of ``models`` with the columns :data:`DYNAMIC` and :data:`EXPONENT_DISTANCE`.
    """
    columns = ["model", "weights", *DYNAMIC]
    measured = models.merge(dynamics[columns], on=["model", "weights"], how="left", validate="one_to_one")
    return measured.assign(**{EXPONENT_DISTANCE: measured["lyapunov_exponent"].abs()})
