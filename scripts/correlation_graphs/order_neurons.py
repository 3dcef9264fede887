"""Order the neurons of one network by its end, and tell their activities and correlations at some iterations."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.correlation_graphs.measured import ordered_rows
from deepcrit.experiments.correlation_graphs.schemas import ORDERED_ACTIVITIES, ORDERED_CORRELATIONS
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.training.snapshots import read_snapshots

SHOWN = (0, 1, 5, 10, 100)  # iterations of Fig. 1a, besides the last


def main(runs: str, snapshots: Sequence[str], mnist: Sequence[str], activities: str, pairs: str, images: int) -> None:
    """The widest network of the sample ``terminal``, of the first seed."""
    table = read_tsv(runs, SGD_RUNS)
    terminal = table[table["sample"] == "terminal"]
    one = terminal[(terminal["hidden"] == terminal["hidden"].max()) & (terminal["seed"] == 0)].head(1)
    pixels, labels = load(Path(mnist[0]).parent, "train")
    flat = pixels[:images].reshape(images, -1).astype(np.float32) / np.float32(255.0)
    iterations = [*SHOWN, int(one["iterations"].iloc[0])]
    ((row, trajectory),) = read_snapshots(snapshots, one, flat.shape[1], CLASSES, iterations)
    with threadpool_limits(1):
        parts = list(ordered_rows(trajectory, row.activation, flat, labels[:images].astype(np.int64), iterations))
    told = pd.concat([part for part, _ in parts]).assign(order="spectral")
    write_tsv(told, activities, ORDERED_ACTIVITIES)
    write_tsv(pd.concat([part for _, part in parts]), pairs, ORDERED_CORRELATIONS)


if "snakemake" in globals():
    run(main, snakemake)
