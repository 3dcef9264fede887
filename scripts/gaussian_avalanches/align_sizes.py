"""Does a factor sqrt(N) align the lower ends of the size distributions?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from deepcrit.avalanches.schemas import AVALANCHES, LOWER_ENDS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_parquet, write_tsv

SAMPLE = "radial"


def main(avalanches: Sequence[str], widths: Sequence[int], table: str, quantile: float) -> None:
    """A low quantile of sizes at each width, as it is and times sqrt(N), over the mean across widths."""
    rows = []
    for width, path in zip(widths, avalanches, strict=True):
        kept = read_parquet(path, AVALANCHES, ["size", "censored"])
        size = float(np.quantile(kept.loc[~kept["censored"].to_numpy(), "size"], quantile))
        rows.append({"sample": SAMPLE, "width": width, "quantile": quantile, "size": size})
    ends = pd.DataFrame(rows)
    ends["aligned_size"] = ends["size"] * np.sqrt(ends["width"])
    ends["aligned_ratio"] = ends["aligned_size"] / ends["aligned_size"].mean()
    write_tsv(ends, table, LOWER_ENDS)


if "snakemake" in globals():
    run(main, snakemake)
