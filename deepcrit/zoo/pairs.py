"""Pairs of weight sets of one architecture: how much accuracy and dynamics changed from the old to the new."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import wilcoxon

from deepcrit.ranks import LEAST_POINTS

# which sets are paired, by the names that are published: the two recipes where both exist; otherwise weights trained
# on ImageNet alone with those pretrained on more (SWAG), or, where only the latter exist, frozen with fine-tuned ones
_RECIPES = ("IMAGENET1K_V1", "IMAGENET1K_V2")
_LINEAR, _TUNED = "IMAGENET1K_SWAG_LINEAR_V1", "IMAGENET1K_SWAG_E2E_V1"
READINGS = {"fine-tuned": _TUNED, "frozen": _LINEAR}
MEASURES = ("accuracy", "branching_distance", "top_singular_value")


def pair_weights(sets: pd.DataFrame, reading: str) -> pd.DataFrame:
    """Every architecture with two or more weight sets, with the pair that is compared.

    Args:
        sets: schema ``weight_sets``.
        reading: of :data:`READINGS`, which SWAG set is held against weights trained on ImageNet alone.

    Returns:
        Columns ``model``, ``old`` and ``new``, one row an architecture.
    """
    rows = []
    for model, names in sets.groupby("model", sort=False)["weights"]:
        there = set(names)
        if there.issuperset(_RECIPES):
            rows.append((model, *_RECIPES))
        elif there.issuperset((_RECIPES[0], READINGS[reading])):
            rows.append((model, _RECIPES[0], READINGS[reading]))
        elif there.issuperset((_LINEAR, _TUNED)):
            rows.append((model, _LINEAR, _TUNED))
    return pd.DataFrame(rows, columns=["model", "old", "new"])


def change(differences: ArrayLike) -> dict[str, float]:
    """Median, interquartile range and the two-sided exact Wilcoxon test of differences.

    Args:
        differences: new less old, one a pair; those that are NaN are left out.

    Returns:
        Part of schema ``recipe_changes``; NaN for all but ``pairs`` where there are under four.
    """
    known = np.asarray(differences, float)
    known = known[np.isfinite(known)]
    if known.size < LEAST_POINTS:
        return {"pairs": known.size, "median": np.nan, "iqr": np.nan, "statistic": np.nan, "p_value": np.nan}
    # zeros and ties have no exact distribution; the test then falls back on its normal approximation
    exact = len(np.unique(np.abs(known))) == known.size and (known != 0).all()
    test = wilcoxon(known, method="exact" if exact else "approx")
    return {
        "pairs": known.size,
        "median": float(np.median(known)),
        "iqr": float(np.subtract(*np.quantile(known, [0.75, 0.25]))),
        "statistic": float(test.statistic),
        "p_value": float(test.pvalue),
    }
