"""The straightest offset at every width, beside the published one and that of a driftless random walk."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from deepcrit.avalanches.offsets import drift_free_weight_variance, straightest_offset
from deepcrit.avalanches.schemas import OFFSET_SCAN, OFFSETS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv


def main(scans: Sequence[str], table: str, activation: str, published: Sequence[float]) -> None:
    """The interval spans the declared ranges: it is systematic, the law itself has no sampling error.

    What is straightest at sw2 = 1 + x has a standard deviation of sqrt(1 + x), which is the other reading of an offset.
    """
    rows = []
    for path, offset in zip(scans, published, strict=True):
        scan = read_tsv(path, OFFSET_SCAN)
        width = int(scan["width"].iloc[0])
        by_range = {key: straightest_offset(rows) for key, rows in scan.groupby(["xmin", "xmax"], sort=False)}
        declared = scan.loc[(scan[["xmin", "xmax"]] == scan[["xmin", "xmax"]].iloc[0]).all(axis=1)]
        at_published = declared.loc[(declared["offset"] - offset).abs() < 1e-9, "ks_distance"]
        straightest = [next(iter(by_range.values())), min(by_range.values()), max(by_range.values())]
        deviation = np.sqrt(1.0 + np.array(straightest)) - 1.0
        rows.append(
            {
                "width": width,
                "published": offset,
                **dict(zip(("straightest", "straightest_low", "straightest_high"), straightest, strict=True)),
                **dict(zip(("deviation", "deviation_low", "deviation_high"), deviation, strict=True)),
                "random_walk": drift_free_weight_variance(activation, width) - 1.0,
                "ks_straightest": declared["ks_distance"].min(),
                "ks_published": at_published.iloc[0] if len(at_published) else None,
            }
        )
    write_tsv(pd.DataFrame(rows).sort_values("width"), table, OFFSETS)


if "snakemake" in globals():
    run(main, snakemake)
