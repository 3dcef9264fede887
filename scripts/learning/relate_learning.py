"""Hold training accuracy against what random networks of the same size do at the same points of the plane."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.learning.correlations import TARGET, accuracy_correlations, along_edge, with_distances
from deepcrit.experiments.learning.schemas import EDGE_ACCURACY, LEARNING_POINTS, PREDICTORS, WHOLE
from deepcrit.experiments.susceptibility.schemas import DERIVATIVES, MISMATCH
from deepcrit.experiments.trainability.points import point_means
from deepcrit.experiments.trainability.schemas import TRAINING_OUTCOMES, WINDOWS
from deepcrit.physics.meanfield import edge_of_chaos, ridge, steady_state
from deepcrit.stats.ranks import trend
from deepcrit.stats.schemas import RANK_CORRELATIONS

ACTIVATION = "tanh"  # of trained networks
ACCURACIES = {"training accuracy": "train_accuracy", "test accuracy": "test_accuracy"}
DECIMALS = 9  # to which points of two tables agree


def main(
    outcomes: str, windows: str, derivatives: str, mismatch: str, points: str, edge: str, table: str, replicates: int,
    seed: int,
) -> None:  # fmt: skip
    """One row a point with trained networks, accuracy along the edge of chaos, rank correlations of both accuracies."""
    trained = read_tsv(outcomes, TRAINING_OUTCOMES)
    plane = point_means(trained[trained["sample"] == "plane"])
    lines = _lines(plane["bias_variance"].unique())
    rows = with_distances(plane, lines)
    state = steady_state(plane["weight_variance"], plane["bias_variance"], ACTIVATION)
    rows["field_susceptibility"] = state.weight_susceptibility
    slopes = read_tsv(derivatives, DERIVATIVES)
    for counting in ("started", "kept"):
        of_this = slopes[slopes["counting"] == counting]
        rows[f"{counting}_susceptibility"] = _at(plane, of_this, "derivative", f"{counting} of {derivatives}")
    rows["relation_closeness"] = -np.abs(_at(plane, read_tsv(mismatch, MISMATCH), "mismatch", mismatch))
    write_tsv(rows[[column.name for column in LEARNING_POINTS.columns]], points, LEARNING_POINTS)
    on_edge = along_edge(plane, lines)
    write_tsv(on_edge, edge, EDGE_ACCURACY)
    where = read_tsv(windows, WINDOWS)
    biases = where.loc[(where["sample"] == "plane") & (where["trained"] > 0), "bias_variance"]
    rng = generator(seed_key(seed, "learning", "bootstrap", 0))
    found = []
    for name, column in ACCURACIES.items():
        # the paper's text has the one and the caption of Fig. 3c the other
        target = rows.assign(**{TARGET: rows[column]})
        edges = along_edge(plane.assign(**{TARGET: plane[column]}), lines)
        held = accuracy_correlations(
            target[[TARGET, "bias_variance", *PREDICTORS]], edges, biases.tolist(), rng, replicates
        )
        found.append(held.assign(of=name))
    both = trend(*ACCURACIES, WHOLE, rows["train_accuracy"], rows["test_accuracy"])
    write_tsv(pd.concat([*found, pd.DataFrame([both])]), table, RANK_CORRELATIONS)


def _lines(biases: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "bias_variance": biases,
            "edge_weight_variance": edge_of_chaos(biases, ACTIVATION),
            "ridge_weight_variance": [ridge(float(bias), ACTIVATION).weight_variance for bias in biases],
        }
    )


def _at(plane: pd.DataFrame, table: pd.DataFrame, column: str, source: str) -> "pd.Series[float]":
    """A column of another table at the points of the plane, for the networks called ``trained``.

    Raises:
        ValueError: naming the first point that the other table does not have, or a network of another size.
    """
    table = table[table["network"] == "trained"]
    keys = ["width", "depth", "weight_variance", "bias_variance"]
    left, right = (frame[keys].round(DECIMALS) for frame in (plane, table))
    found = left.merge(right.assign(value=table[column], known=True), on=keys, how="left", validate="one_to_one")
    missing = found[found["known"].isna()]
    if len(missing):
        raise ValueError(f"{source}: found no row of {missing.iloc[0][keys].to_dict()}, expected one a trained network")
    return found["value"]


if "snakemake" in globals():
    run(main, snakemake)
