"""Probability densities of sizes and durations of one sample at one width, in the paper's adaptive bins."""

import numpy as np
import pandas as pd

from deepcrit.avalanches.observables import observables
from deepcrit.avalanches.scaling import adaptive_density
from deepcrit.avalanches.schemas import AVALANCHES, DENSITIES
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_parquet, write_tsv


def main(avalanches: str, table: str, sample: str, width: int, bin_minimum: int) -> None:
    """Bin with at least ``bin_minimum`` avalanches a bin."""
    point = {"sample": sample, "width": width}
    rows = []
    for observable in observables(read_parquet(avalanches, AVALANCHES), width):
        density = adaptive_density(
            np.sort(observable.values), minimum_per_bin=bin_minimum, discrete=observable.discrete
        )
        rows.append(
            pd.DataFrame({"centre": density.centre, "density": density.density, "count": density.count}).assign(
                observable=observable.name
            )
        )
    write_tsv(pd.concat(rows).assign(**point), table, DENSITIES)


if "snakemake" in globals():
    run(main, snakemake)
