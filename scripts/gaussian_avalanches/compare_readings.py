"""What changes if the published offsets are shifts of the standard deviation and not of the variance."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepcrit.avalanches.offsets import compare_readings
from deepcrit.avalanches.schemas import READINGS
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    table: str, specs: Sequence[Mapping[str, Any]], published: Sequence[float], duration_range: Sequence[int]
) -> None:
    """Two rows a width, from the exact law of the radial chain."""
    rows = [
        compare_readings(NetworkSpec(**spec, weight_variance=1.0), offset, *duration_range)
        for spec, offset in zip(specs, published, strict=True)
    ]
    write_tsv(pd.concat(rows), table, READINGS)


if "snakemake" in globals():
    run(main, snakemake)
