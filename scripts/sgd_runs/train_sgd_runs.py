"""Train the networks of one shard, and keep them as they are at given iterations."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from deepcrit.core.devices import training_on
from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import load
from deepcrit.experiments.sgd_runs.loop import remove_kept, train_and_keep, with_shuffled_labels
from deepcrit.experiments.sgd_runs.runs import MOST_TOGETHER, dealt_groups
from deepcrit.experiments.sgd_runs.schemas import RUN_HISTORY, SGD_RUNS
from deepcrit.training.checkpoints import training_digest
from deepcrit.training.images import LabelledImages, Minibatches
from deepcrit.training.schemas import SNAPSHOTS
from deepcrit.training.shards import train_shard


def main(
    runs: str,
    mnist: Sequence[str],
    history: str,
    snapshots: str,
    checkpoints: str,
    shard: int,
    shards: int,
    kept: Mapping[str, Sequence[int]],
    images: int,
    seed: int,
    code: str,
    device: str = "cpu",
    together: int = MOST_TOGETHER,
) -> None:
    """Checkpoints are removed once history and snapshots are written."""
    with training_on(device) as used_device:
        directory = Path(mnist[0]).parent
        train = LabelledImages.of(*load(directory, "train"), first=images)
        test = LabelledImages.of(*load(directory, "test"))
        table = read_tsv(runs, SGD_RUNS)
        dealt = dealt_groups(table.to_dict("records"), shard, shards, together)
        groups = {str(table["run"].iloc[places[0]]): table.iloc[places] for places in dealt}
        made_from = provenance(runs, code, ("numpy", "torch", "pandas"), used_device)
        readers = []

        def trained(group: pd.DataFrame, checkpoint: Path) -> pd.DataFrame:
            first = group.iloc[0]
            minibatches = Minibatches(images, int(first["batch"]), seed)
            data = with_shuffled_labels(train, seed) if first["shuffled"] else train
            iterations = kept[str(first["sample"])]
            digest = training_digest(group, iterations, minibatches, code, used_device)
            rows, read = train_and_keep(group, iterations, minibatches, data, test, checkpoint, digest)
            readers.append(read)
            if len(readers) == len(groups):
                write_parquet(pd.concat([read() for read in readers]), snapshots, SNAPSHOTS, made_from)
            return rows

        if not groups:
            write_parquet(
                pd.DataFrame({column.name: [] for column in SNAPSHOTS.columns}), snapshots, SNAPSHOTS, made_from
            )
        train_shard(groups, trained, checkpoints, history, RUN_HISTORY, made_from)
        for name in groups:
            remove_kept(Path(checkpoints) / f"{name}.pt")


if "snakemake" in globals():
    run(main, snakemake)
