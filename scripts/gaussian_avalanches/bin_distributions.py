"""Probability densities of sizes and durations of one sample at one width, in the paper's adaptive bins."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.observables import observables
from deepcrit.avalanches.powerlaws.schemas import DENSITIES
from deepcrit.avalanches.scaling import adaptive_density
from deepcrit.avalanches.schemas import AVALANCHES
from deepcrit.core.logs import log_to
from deepcrit.core.tables import read_parquet, write_tsv


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
