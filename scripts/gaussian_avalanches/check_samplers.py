"""Hold the samplers against each other and against the exact law, at one width."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from deepcrit.avalanches.agreement import (
    durations_against_law,
    same_sizes,
    survival_against_law,
    survival_by_network,
)
from deepcrit.avalanches.schemas import AGREEMENT, AVALANCHES, BLOCKS, TRANSFER
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_parquet, write_tsv

LAYERS = np.array([1, 3, 10, 30, 100])


def main(points: Mapping[str, str], methods: Mapping[str, str], transfer: str, table: str, width: int) -> None:
    """One row a comparison.

    Args:
        points: directory of each sample at this width.
        methods: method of each sample.
        transfer: the exact law.
        table: where the rows go.
        width: N.
    """
    alive = read_parquet(transfer, TRANSFER)["alive"].to_numpy()
    rows = []
    sizes = {}
    for sample, directory in points.items():
        avalanches = read_parquet(f"{directory}/avalanches.parquet", AVALANCHES)
        blocks = read_parquet(f"{directory}/blocks.parquet", BLOCKS)
        if methods[sample] == "network":
            survival = survival_by_network(avalanches, blocks, LAYERS)
            test = "largest deviation over networks, Bonferroni"
            result = survival_against_law(survival, alive[LAYERS])
            n = len(blocks)
        else:
            n = int(blocks["launched"].sum())
            test = "chi-square"
            result = durations_against_law(avalanches["duration"].to_numpy(), n, alive)
            sizes[sample] = avalanches["size"].to_numpy()
        rows.append((width, sample, "transfer", "duration", test, *result, n))
    for sample in sizes:
        if methods[sample] == "annealed":
            result = same_sizes(sizes[sample], sizes["radial"])
            rows.append((width, sample, "radial", "size", "two-sample KS", *result, len(sizes[sample])))
    columns = ["width", "first", "second", "observable", "test", "statistic", "p_value", "n"]
    write_tsv(pd.DataFrame(rows, columns=columns), table, AGREEMENT)


if "snakemake" in globals():
    run(main, snakemake)
