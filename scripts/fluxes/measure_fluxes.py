"""Measure fluxes of losses and weights of the networks of one shard of training runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.fluxes.flow import flux_row, losses_of
from deepcrit.experiments.fluxes.schemas import FLUX_PARTS
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.training.snapshots import read_snapshots


def main(
    runs: str,
    snapshots: str,
    mnist: Sequence[str],
    fluxes: str,
    steps: Mapping[str, Sequence[Sequence[int]]],
    images: int,
    bins: int,
    code: str,
) -> None:
    """A network that diverged has fluxes of the steps before it did."""
    pixels, labels = load(Path(mnist[0]).parent, "train")
    flat = pixels[:images].reshape(images, -1).astype(np.float32) / np.float32(255.0)
    digits, rows = labels[:images].astype(np.int64), []
    needed = sorted({at for sample in steps.values() for _, *ends in sample for at in ends})
    with threadpool_limits(1):
        for row, network in read_snapshots([snapshots], read_tsv(runs, SGD_RUNS), flat.shape[1], CLASSES, needed):
            at = dict(zip(network.iterations.tolist(), network.parameters, strict=True))
            for told, *ends in steps[row.sample]:
                if not {*ends} <= at.keys():
                    continue
                before, after = (
                    (
                        losses_of(at[end], row.activation, flat, digits),
                        np.concatenate([weights.ravel() for weights in at[end][0]]).astype(np.float64),
                    )
                    for end in ends
                )
                rows.append({"run": row.run, "iteration": told, **flux_row(before, after, bins)})
    table = pd.DataFrame(rows, columns=[column.name for column in FLUX_PARTS.columns])
    write_parquet(table, fluxes, FLUX_PARTS, provenance(runs, code, ("numpy", "pandas")))


if "snakemake" in globals():
    run(main, snakemake)
