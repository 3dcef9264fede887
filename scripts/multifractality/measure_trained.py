"""Measure the fractal dimensions of the eigenvectors of trained networks, from the snapshots of one shard."""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import provenance
from deepcrit.core.tables import read_parquet, write_parquet
from deepcrit.experiments.levy_training.schemas import LEVY_SNAPSHOTS
from deepcrit.experiments.multifractality.schemas import TRAINED_SHARD
from deepcrit.physics.heavytails import dimension_spectrum


def main(manifest: str, snapshots: str, dimensions: str, code: str) -> None:
    """One row a network, snapshot and power."""
    tables = [pd.DataFrame({column.name: [] for column in TRAINED_SHARD.columns})]
    with threadpool_limits(1):
        for row in read_parquet(snapshots, LEVY_SNAPSHOTS).itertuples():
            width = round(len(row.jacobian) ** 0.5)
            found = dimension_spectrum(np.reshape(row.jacobian, (width, width)))
            columns = {"power": found.powers, "dimension": found.mean, "spread": found.spread, "vectors": found.vectors}
            tables.append(pd.DataFrame(columns).assign(point=row.point, snapshot=row.snapshot, epoch=row.epoch))
    made_from = provenance(manifest, code, ("numpy", "scipy", "pandas"))
    write_parquet(pd.concat(tables), dimensions, TRAINED_SHARD, made_from)


if "snakemake" in globals():
    run(main, snakemake)
