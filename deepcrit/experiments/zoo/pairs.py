"""Pairs of weight sets of one architecture: how much accuracy and dynamics changed from the old to the new."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import wilcoxon

# which sets are paired, by the names that are published: the two recipes where both exist; otherwise weights trained
# on ImageNet alone with those pretrained on more (SWAG), or, where only the latter exist, frozen with fine-tuned ones
_RECIPES = ("IMAGENET1K_V1", "IMAGENET1K_V2")
_LINEAR, _TUNED = "IMAGENET1K_SWAG_LINEAR_V1", "IMAGENET1K_SWAG_E2E_V1"
# which SWAG set is held against weights trained on ImageNet alone; the first is the one that claims are judged on. In
# the last one the first set of each architecture, in torchvision's order, is held against its last; the better is new
_OUTERMOST = "first and last"
PAIR_READINGS = {"fine-tuned": _TUNED, "frozen": _LINEAR, _OUTERMOST: ""}
_LISTED = (*_RECIPES, _TUNED, _LINEAR)
EVERY_PAIR, TABLE_S3 = "every pair", "Table S3"
_MEASURES = ("accuracy", "branching_distance", "top_singular_value")


def pair_weights(sets: pd.DataFrame, reading: str) -> pd.DataFrame:
    """Every architecture with two or more weight sets, with the pair that is compared.

    Args:
        sets: schema ``weight_sets``.
        reading: of :data:`PAIR_READINGS`.

    Returns:
        Columns ``model``, ``old`` and ``new``, one row an architecture.
    """
    rows = []
    for model, of in sets.groupby("model", sort=False):
        there = set(of["weights"])
        if reading == _OUTERMOST and len(there) > 1:
            listed = sorted(there, key=_LISTED.index)
            known = of.set_index("weights")["accuracy"]
            rows.append((model, *sorted((listed[0], listed[-1]), key=lambda name: float(known[name]))))
        elif there.issuperset(_RECIPES):
            rows.append((model, *_RECIPES))
        elif there.issuperset((_RECIPES[0], PAIR_READINGS[reading])):
            rows.append((model, _RECIPES[0], PAIR_READINGS[reading]))
        elif there.issuperset((_LINEAR, _TUNED)):
            rows.append((model, _LINEAR, _TUNED))
    return pd.DataFrame(rows, columns=["model", "old", "new"])


def compare_weights(models: pd.DataFrame, sets: pd.DataFrame, dynamics: pd.DataFrame) -> pd.DataFrame:
    """Accuracy, and whatever dynamics were measured, of the new weights less those of the old.

    Args:
        models: schema ``models``.
        sets: schema ``weight_sets``.
        dynamics: schema ``dynamics``, of any weights.

    Returns:
        Schema ``weight_pairs``, every pair once a reading.
    """
    columns = ["model", "weights", *_MEASURES[1:]]
    known = sets[["model", "weights", "accuracy"]]
    known = known.merge(dynamics[columns], on=["model", "weights"], how="left", validate="one_to_one")
    known = known.set_index(["model", "weights"])
    parts = []
    for reading in PAIR_READINGS:
        pairs = pair_weights(sets, reading)
        pairs = pairs.merge(models[["model", "architecture", "in_table_s3"]], on="model").assign(reading=reading)
        old, new = (known.loc[list(zip(pairs["model"], pairs[side], strict=True))] for side in ("old", "new"))
        pairs["old_accuracy"], pairs["new_accuracy"] = old["accuracy"].to_numpy(), new["accuracy"].to_numpy()
        for measure in _MEASURES:
            pairs[f"{measure}_change"] = new[measure].to_numpy() - old[measure].to_numpy()
        parts.append(pairs)
    return pd.concat(parts, ignore_index=True)


def changes(pairs: pd.DataFrame) -> pd.DataFrame:
    """Median, spread and test of the changes over every pair, and over those of Table S3.

    Args:
        pairs: schema ``weight_pairs``.

    Returns:
        Schema ``recipe_changes``; a measure that is not known of all those pairs, whose accuracies are, leaves its row
        out, because that of some pairs would pass for that of all. Low and high are the least and greatest value over
        the readings; other columns are of the first reading.
    """
    rows = []
    for measure in _MEASURES:
        for over in (EVERY_PAIR, TABLE_S3):
            chosen = pairs if over == EVERY_PAIR else pairs[pairs["in_table_s3"]]
            if chosen[f"{measure}_change"].isna().any():
                continue
            of = {reading: chosen.loc[chosen["reading"] == reading, f"{measure}_change"] for reading in PAIR_READINGS}
            found = {reading: change(values) for reading, values in of.items()}
            judged = found[next(iter(PAIR_READINGS))]
            ends = {
                f"{name}_{end}": how(numbers[name] for numbers in found.values())
                for name in ("median", "iqr")
                for end, how in (("low", min), ("high", max))
            }
            first = chosen[chosen["reading"] == next(iter(PAIR_READINGS))]
            better = first["accuracy_change"] > 0
            if measure != "accuracy":
                better &= first[f"{measure}_change"] < 0
            rows.append({"measure": measure, "over": over, **judged, **ends, "improved": float(better.mean())})
    return pd.DataFrame(rows)


def change(differences: ArrayLike) -> dict[str, float]:
    """Median, interquartile range and the two-sided exact Wilcoxon test of differences.

    Args:
        differences: new less old, one a pair, shape (pairs,).

    Returns:
        Part of schema ``recipe_changes``.
    """
    known = np.asarray(differences, float)
    # zeros and ties have no exact distribution; the test then falls back on its normal approximation
    exact = len(np.unique(np.abs(known))) == known.size and bool((known != 0).all())
    test = wilcoxon(known, method="exact" if exact else "approx")
    return {
        "pairs": known.size,
        "median": float(np.median(known)),
        "iqr": float(np.subtract(*np.quantile(known, [0.75, 0.25]))),
        "statistic": float(test.statistic),
        "p_value": float(test.pvalue),
        "least": float(known.min()),
    }
