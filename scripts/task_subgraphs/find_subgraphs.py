"""Look for the graphs of all digits in the networks of one shard of training runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.schema import Schema
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.sgd_runs.loop import with_shuffled_labels
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.experiments.task_subgraphs.measured import DigitImages, NetworkGraphs, coupling_rows
from deepcrit.experiments.task_subgraphs.schemas import (
    COUPLING_COSTS,
    SUBGRAPH_EDGES,
    SUBGRAPH_FAMILIES,
    SUBGRAPH_PIXELS,
    TASK_SUBGRAPHS,
)
from deepcrit.training.images import LabelledImages
from deepcrit.training.snapshots import read_snapshots


def main(
    runs: str,
    snapshots: str,
    mnist: Sequence[str],
    graphs: str,
    families: str,
    edges: str,
    pixels: str,
    couplings: str,
    searched: Mapping[str, Sequence[int]],
    followed: Mapping[str, Sequence[int]],
    trained_on: int,
    settings: Mapping[str, Any],
    seed: int,
    code: str,
) -> None:
    """Networks that have diverged have no snapshot at the end, and no graph."""
    directory, images = Path(mnist[0]).parent, min(settings["images"], trained_on)
    train = LabelledImages.of(*load(directory, "train"), first=trained_on)
    test = LabelledImages.of(*load(directory, "test"))
    shuffled = with_shuffled_labels(train, seed).labels[:images].numpy()
    true = DigitImages(
        train.images[:images].numpy(), train.labels[:images].numpy(), test.images.numpy(), test.labels.numpy()
    )
    table, found = read_tsv(runs, SGD_RUNS), _Found(graphs, families, edges, pixels, couplings)
    every = sorted({iteration for part in (searched, followed) for of in part.values() for iteration in of})
    with threadpool_limits(1):
        wanted = table[table["sample"].isin(list(searched))]
        for row, trajectory in read_snapshots([snapshots], wanted, true.train.shape[1], CLASSES, every):
            data = true._replace(train_digits=shuffled, test_digits=None) if row.shuffled else true
            at_end = trajectory.at(searched[row.sample])
            for iteration, parameters in zip(at_end.iterations, at_end.parameters, strict=True):
                network = NetworkGraphs(row, iteration, parameters, data, settings)
                last = iteration == searched[row.sample][-1]
                found.add(network, pictured=last and row.sample in followed and row.seed == 0)
                if last and row.sample in followed:
                    kept = trajectory.at(followed[row.sample])
                    found.parts[couplings].append(coupling_rows(row, kept, data, dict(network.judged())))
    made_from = provenance(runs, code, ("numpy", "scipy", "pandas"))
    for path, schema in found.schemas.items():
        empty = pd.DataFrame({column.name: [] for column in schema.columns})
        parts = [part for part in found.parts[path] if len(part)]
        write_parquet(pd.concat(parts) if parts else empty, path, schema, made_from)


class _Found:
    """Tables by the path of each."""

    def __init__(self, graphs: str, families: str, edges: str, pixels: str, couplings: str) -> None:
        self.schemas: dict[str, Schema] = {
            graphs: TASK_SUBGRAPHS,
            families: SUBGRAPH_FAMILIES,
            edges: SUBGRAPH_EDGES,
            pixels: SUBGRAPH_PIXELS,
            couplings: COUPLING_COSTS,
        }
        self.parts: dict[str, list[pd.DataFrame]] = {path: [] for path in self.schemas}

    def add(self, network: NetworkGraphs, pictured: bool) -> None:
        """Tables of a network; its edges and pixels only if it is pictured."""
        graphs, families, edges, pixels, _ = self.parts.values()
        graphs.append(network.graphs())
        families.append(network.families())
        if pictured:
            edges.append(network.edges())
            pixels.append(network.pixels())


if "snakemake" in globals():
    run(main, snakemake)
