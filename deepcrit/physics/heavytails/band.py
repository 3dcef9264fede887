"""The band of critical scales of Fig. 2b, in which the paper finds the scales of trained weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from deepcrit.core.arrays import Floats
from deepcrit.physics.heavytails import phase_column


def critical_band(alphas: Floats, gains: Floats) -> pd.DataFrame:
    """Schema ``weight_band``: from the ordered line to the largest g whose Jacobian average beats that line.

    The average is that of f2(r) = (r - 2)^L with L = 1, over all eigenvalues: of those that the paper draws, the one
    with the widest band. Where its upper end lies beyond the last g it is missing.

    Args:
        alphas: from 1 to 2, shape (n,).
        gains: g tried, increasing.

    Raises:
        HeavyTailsError: if the gains do not straddle the ordered line.
    """
    rows = []
    for alpha in alphas:
        column = phase_column(float(alpha), gains, log_powers=(1,), shifted_powers=(1,))
        upper = float(column.upper_gains("shifted", "all", "fixed_point")[0])
        rows.append((float(alpha), column.lines["fixed_point"], upper if np.isfinite(upper) else np.nan))
    return pd.DataFrame(rows, columns=["alpha", "lower", "upper"])


def ends_of_band(alpha: Floats, band: pd.DataFrame, open_end: float) -> tuple[Floats, Floats]:
    """Both ends at any alpha, interpolated; NaN outside the theory, and the last g tried where the band is open."""
    known = band["alpha"].to_numpy()
    inside = (alpha >= known[0]) & (alpha <= known[-1])
    low, high = (np.interp(alpha, known, band[end].fillna(open_end)) for end in ("lower", "upper"))
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
