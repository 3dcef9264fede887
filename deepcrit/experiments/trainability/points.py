"""Points of the plane, each with the mean over its networks."""

from __future__ import annotations

import pandas as pd

from deepcrit.experiments.trainability.schemas import PLANE_COLUMNS


def point_means(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Accuracies of the plane, averaged over the networks of every point, in the order of the first of them.

    Args:
        outcomes: of networks without a goal, schema ``outcomes``.

    Returns:
        Columns ``sample``, those of the plane, ``networks``, ``goal``, ``reached``, ``epochs``, and of both accuracies
        their means and, as ``train_accuracy_error`` and ``test_accuracy_error``, the standard errors of these, which
        are not known of one network.
    """
    keys = ["sample", *(column.name for column in PLANE_COLUMNS)]
    points = outcomes.groupby(keys, sort=False)
    means = points.agg(
        networks=("point", "size"),
        goal=("goal", "first"),
        reached=("reached", "all"),
        epochs=("epochs", "mean"),
        train_accuracy=("train_accuracy", "mean"),
        test_accuracy=("test_accuracy", "mean"),
        train_accuracy_error=("train_accuracy", "sem"),
        test_accuracy_error=("test_accuracy", "sem"),
    )
    return means.reset_index()
