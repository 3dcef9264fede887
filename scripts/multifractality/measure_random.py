"""Measure the fractal dimensions of the eigenvectors of one shard of random Jacobians."""

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_tsv, write_parquet
from deepcrit.experiments.multifractality.ensembles import matrix_dimensions
from deepcrit.experiments.multifractality.schemas import JACOBIAN_MANIFEST, MATRIX_DIMENSIONS


def main(manifest: str, dimensions: str, shard: int, shards: int, code: str) -> None:
    """Every ``shards``-th matrix."""
    with threadpool_limits(1):
        chosen = read_tsv(manifest, JACOBIAN_MANIFEST).iloc[shard::shards]
        empty = pd.DataFrame({column.name: [] for column in MATRIX_DIMENSIONS.columns})
        found = pd.concat([empty, *(matrix_dimensions(row) for row in chosen.itertuples())])
    write_parquet(found, dimensions, MATRIX_DIMENSIONS, provenance(manifest, code, ("numpy", "scipy", "pandas")))


if "snakemake" in globals():
    run(main, snakemake)
