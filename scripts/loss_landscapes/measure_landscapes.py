"""Measure the losses of the networks of one shard of training runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.loss_landscapes.measured import LandscapeImages, measured_landscapes
from deepcrit.experiments.loss_landscapes.schemas import (
    BATCH_DEVIATIONS,
    LANDSCAPE_MAPS,
    LANDSCAPE_SLICES,
    LOSS_MOMENTS,
    LOSS_TAILS,
    TILTED_ENTROPIES,
)
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.training.snapshots import read_snapshots

PARTS = (LOSS_MOMENTS, LOSS_TAILS, TILTED_ENTROPIES, BATCH_DEVIATIONS, LANDSCAPE_SLICES, LANDSCAPE_MAPS)


def main(
    runs: str,
    snapshots: str,
    mnist: Sequence[str],
    moments: str,
    tails: str,
    entropies: str,
    deviations: str,
    slices: str,
    maps: str,
    kept: Mapping[str, Sequence[int]],
    settings: Mapping[str, Any],
    seed: int,
    code: str,
) -> None:
    """Networks that have diverged are looked at as long as they were kept."""
    pixels, labels = load(Path(mnist[0]).parent, "train")
    images = pixels[: settings["images"]].reshape(settings["images"], -1).astype(np.float32) / np.float32(255.0)
    data, table = LandscapeImages(images, labels[: settings["images"]].astype(np.int64)), read_tsv(runs, SGD_RUNS)
    every = sorted({iteration for of in kept.values() for iteration in of})
    found = []
    with threadpool_limits(1):
        wanted = table[table["sample"].isin(list(kept))]
        for row, trajectory in read_snapshots([snapshots], wanted, images.shape[1], CLASSES, every):
            found.append(measured_landscapes(row, trajectory.at(kept[row.sample]), data, settings, seed))
    made_from = provenance(runs, code, ("numpy", "scipy", "pandas"))
    for place, (path, schema) in enumerate(
        zip((moments, tails, entropies, deviations, slices, maps), PARTS, strict=True)
    ):
        columns = [column.name for column in schema.columns]
        parts = [part[place].reindex(columns=columns) for part in found if len(part[place])]
        write_parquet(pd.concat(parts) if parts else pd.DataFrame(columns=columns), path, schema, made_from)


if "snakemake" in globals():
    run(main, snakemake)
