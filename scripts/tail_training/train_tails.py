"""Train the networks of one shard, and fit their weights after every epoch, with a checkpoint after each."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import load
from deepcrit.experiments.tail_training.loop import (
    FollowedTraining,
    fitted_columns,
    kept_matrix,
    train_followed,
)
from deepcrit.experiments.tail_training.schemas import TAIL_HISTOGRAM, TAIL_HISTORY, TAIL_RUNS
from deepcrit.stats.stable import histograms_beside_laws
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.epochs import Training
from deepcrit.training.images import LabelledImages, Minibatches, normalised
from deepcrit.training.shards import groups_of, points_of_shard, train_shard


def main(
    runs: str,
    mnist: Sequence[str],
    history: str,
    histogram: str,
    checkpoints: str,
    shard: int,
    shards: int,
    together: int,
    how: Mapping[str, Any],
    seed: int,
    code: str,
    device: str = "cpu",
) -> None:
    """Checkpoints, and matrices kept beside them, are removed once both tables are written."""
    with training_on(device) as used_device:
        minibatches = Minibatches(how["images"], how["batch"], seed)
        directory = Path(mnist[0]).parent
        train = normalised(LabelledImages.of(*load(directory, "train"), first=how["images"]))
        test = normalised(LabelledImages.of(*load(directory, "test")))
        points = points_of_shard(read_tsv(runs, TAIL_RUNS), shard, shards)
        groups = {f"{shard}_{n}": group for n, group in enumerate(groups_of(points, together, ["learning_rate"]))}
        bins = [pd.DataFrame({column.name: [] for column in TAIL_HISTOGRAM.columns})]
        kept: list[Path] = []

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            training = Training(minibatches, how["epochs"], float(group["learning_rate"].iloc[0]))
            followed = FollowedTraining(
                how["width"], how["hidden_layers"], how["weight_variance"], training, how["shown_epoch"]
            )
            digest = training_digest(group, followed, code, used_device)
            rows = train_followed(group, followed, train, test, checkpoint, digest)
            for point in group["point"]:
                path = kept_matrix(checkpoint, point)
                if path.exists():
                    kept.append(path)
                    weights = np.load(path)
                    fit = fitted_columns(weights)
                    if "alpha" in fit:
                        table = histograms_beside_laws(weights, fit["alpha"], fit["scale"])
                        bins.append(table.assign(point=point)[[column.name for column in TAIL_HISTOGRAM.columns]])
            return rows

        made_from = provenance(runs, code, ("numpy", "torch", "pandas", "scipy"), used_device)
        train_shard(groups, trained, checkpoints, history, TAIL_HISTORY, made_from)
        write_parquet(pd.concat(bins[1:] or bins), histogram, TAIL_HISTOGRAM, made_from)
        for path in kept:
            path.unlink(missing_ok=True)


if "snakemake" in globals():
    run(main, snakemake)
