"""Is it a power law? Alternatives on the same range, and goodness of fit against subsample size."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.observables import observables
from deepcrit.avalanches.powerlaws import (
    compare_alternatives,
    compress,
    goodness_continuous,
    goodness_discrete,
)
from deepcrit.avalanches.schemas import ALTERNATIVES, AVALANCHES, GOODNESS
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, write_tsv


def main(avalanches: str, outputs: dict[str, str], sample: str, width: int, fits: dict[str, Any], seed: int) -> None:
    """Compare and test sizes and durations on their declared ranges."""
    point = {"sample": sample, "width": width}
    alternatives, goodness = [], []
    for observable in observables(read_parquet(avalanches, AVALANCHES), width):
        xmin, xmax = fits[f"{observable.name}_range"]
        where = {**point, "observable": observable.name, "xmin": xmin, "xmax": xmax}
        values = np.sort(observable.values)
        inside = int(np.count_nonzero((values >= xmin) & (values <= xmax)))
        sizes = [size for size in fits["goodness_subsamples"] if size <= inside]
        rng = generator(seed_key(seed, "test_power_laws", f"{sample}/N{width}/{observable.name}", 0))
        settings = (rng, sizes, fits["goodness_repeats"], fits["goodness_synthetic"], fits["goodness_level"])
        if observable.discrete:
            distinct, number = compress(values)
            comparisons = compare_alternatives(distinct, xmin, xmax, counts=number)
            tested = goodness_discrete(distinct, xmin, xmax, *settings, counts=number) if sizes else None
        else:
            comparisons = compare_alternatives(values, xmin, xmax, assume_sorted=True)
            tested = goodness_continuous(values, xmin, xmax, *settings, assume_sorted=True) if sizes else None
        for comparison in comparisons:
            alternatives.append(
                {
                    **where,
                    "alternative": comparison.alternative,
                    "parameters": ", ".join(f"{key} = {value:.6g}" for key, value in comparison.parameters.items()),
                    "loglikelihood_ratio": comparison.loglikelihood_ratio,
                    "normalised_ratio": comparison.normalised_ratio,
                    "p_value": comparison.p_value,
                    "preferred": comparison.preferred,
                    "converged": comparison.converged,
                    "n": inside,
                }
            )
        for at_size in tested.sizes if tested else ():
            rejected = at_size.p_value < fits["goodness_level"]
            goodness.append({**where, "subsample": at_size.size, "p_value": at_size.p_value, "rejected": rejected})
    write_tsv(pd.DataFrame(alternatives), outputs["alternatives"], ALTERNATIVES)
    columns = [column.name for column in GOODNESS.columns]
    write_tsv(pd.DataFrame(goodness, columns=columns), outputs["goodness"], GOODNESS)


if "snakemake" in globals():
    run(main, snakemake)
