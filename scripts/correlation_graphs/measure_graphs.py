"""Measure correlations and graphs of the networks of one shard of training runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.schema import Schema
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.correlation_graphs.measured import measured_network
from deepcrit.experiments.correlation_graphs.schemas import CORRELATION_MEASURES, GRAPH_HISTOGRAMS, GRAPH_MEASURES
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.training.snapshots import read_snapshots


def main(
    runs: str,
    snapshots: str,
    mnist: Sequence[str],
    correlations: str,
    graphs: str,
    histograms: str,
    kept: Mapping[str, Sequence[int]],
    settings: Mapping[str, Any],
    seed: int,
    code: str,
) -> None:
    """Iterations that are kept for fluxes and covariances alone are left out."""
    pixels, labels = load(Path(mnist[0]).parent, "train")
    images = pixels[: settings["images"]].reshape(settings["images"], -1).astype(np.float32) / np.float32(255.0)
    table, digits = read_tsv(runs, SGD_RUNS), labels[: settings["images"]].astype(np.int64)
    every = sorted({iteration for iterations in kept.values() for iteration in iterations})
    parts: list[Sequence[pd.DataFrame]] = []
    with threadpool_limits(1):
        wanted = table[table["sample"].isin(list(kept))]
        for row, trajectory in read_snapshots([snapshots], wanted, images.shape[1], CLASSES, every):
            chosen = trajectory.at(kept[row.sample])
            parts.append(measured_network(row, chosen, images, digits, settings, seed))
    made_from = provenance(runs, code, ("numpy", "pandas", "igraph", "scipy"))
    outputs: list[tuple[str, Schema]] = [
        (correlations, CORRELATION_MEASURES), (graphs, GRAPH_MEASURES), (histograms, GRAPH_HISTOGRAMS)
    ]  # fmt: skip
    for place, (path, schema) in enumerate(outputs):
        empty = pd.DataFrame({column.name: [] for column in schema.columns})
        found = [part[place] for part in parts if len(part[place])]
        write_parquet(pd.concat(found) if found else empty, path, schema, made_from)


if "snakemake" in globals():
    run(main, snakemake)
