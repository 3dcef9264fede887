"""Probability densities of sizes and durations of one sample at one width, in the paper's adaptive bins."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.logs import log_to
from deepcrit.observables import observables
from deepcrit.scaling import adaptive_density
from deepcrit.schemas.avalanches import AVALANCHES
from deepcrit.schemas.power_laws import DENSITIES
from deepcrit.tables import read_parquet, write_tsv


def main(avalanches: str, table: str, point: dict[str, Any], bin_minimum: int) -> None:
    """Bin with at least ``bin_minimum`` avalanches a bin."""
    rows = []
    for observable in observables(read_parquet(avalanches, AVALANCHES), point["width"]):
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
    log_to(snakemake.log[0])
    main(
        snakemake.input.avalanches,
        snakemake.output[0],
        {"sample": snakemake.wildcards.sample, "width": int(snakemake.wildcards.width)},
        snakemake.params.bin_minimum,
    )
