"""Does a factor sqrt(N) align the lower ends of the size distributions?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from deepcrit.avalanches.schemas import AVALANCHES, LOWER_ENDS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_parquet, write_tsv


def main(avalanches: Sequence[str], points: Sequence[tuple[str, int]], table: str, quantile: float) -> None:
    """A low quantile of sizes of each sample and width, as it is and times sqrt(N), over the sample's mean."""
    rows = []
    for (sample, width), path in zip(points, avalanches, strict=True):
        kept = read_parquet(path, AVALANCHES, ["size", "censored"])
        size = float(np.quantile(kept.loc[~kept["censored"].to_numpy(), "size"], quantile))
        rows.append({"sample": sample, "width": width, "quantile": quantile, "size": size})
    ends = pd.DataFrame(rows)
    ends["aligned_size"] = ends["size"] * np.sqrt(ends["width"])
    ends["aligned_ratio"] = ends["aligned_size"] / ends.groupby("sample")["aligned_size"].transform("mean")
    write_tsv(ends, table, LOWER_ENDS)


if "snakemake" in globals():
    run(main, snakemake)
