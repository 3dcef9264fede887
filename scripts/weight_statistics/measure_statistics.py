"""Measure the weights, gradients and connections of the networks of one shard of training runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.experiments.weight_statistics.measured import WeightImages, measured_statistics
from deepcrit.experiments.weight_statistics.schemas import NETWORK_STATISTICS, STATISTIC_CURVES, TAIL_SHAPES
from deepcrit.training.snapshots import read_snapshots

PARTS = (TAIL_SHAPES, NETWORK_STATISTICS, STATISTIC_CURVES)


def main(
    runs: str,
    snapshots: str,
    mnist: Sequence[str],
    shapes: str,
    statistics: str,
    curves: str,
    settings: Mapping[str, Any],
    seed: int,
    code: str,
) -> None:
    """Networks that have diverged have a reason, and no value."""
    pixels, labels = load(Path(mnist[0]).parent, "train")
    images = pixels[: settings["images"]].reshape(settings["images"], -1).astype(np.float32) / np.float32(255.0)
    data, table = WeightImages(images, labels[: settings["images"]].astype(np.int64)), read_tsv(runs, SGD_RUNS)
    torch.set_num_threads(1)
    with threadpool_limits(1):
        wanted = table[table["sample"].isin(list(settings["ends"]))]
        found = [
            measured_statistics(row, trajectory, data, settings, seed)
            for row, trajectory in read_snapshots([snapshots], wanted, images.shape[1], CLASSES)
        ]
    made_from = provenance(runs, code, ("numpy", "scipy", "pandas", "torch"))
    for place, (path, schema) in enumerate(zip((shapes, statistics, curves), PARTS, strict=True)):
        columns = [column.name for column in schema.columns]
        parts = [part[place].reindex(columns=columns) for part in found if len(part[place])]
        write_parquet(pd.concat(parts) if parts else pd.DataFrame(columns=columns), path, schema, made_from)


if "snakemake" in globals():
    run(main, snakemake)
