"""The weight variance at which image-wide networks are critical, derived for every case."""

from typing import Any

import pandas as pd

from deepcrit.avalanches.offsets import (
    drift_free_weight_variance,
    levy_drift_free_weight_variance,
    straightest_offset,
)
from deepcrit.avalanches.schemas import OFFSET_SCAN
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.real_inputs.schemas import DERIVED_OFFSETS

GROWTH_LAYERS = 20_000


def main(scan: str, table: str, width: int, cases: dict[str, dict[str, Any]], seed: int) -> None:
    """From the drift of ln q: a quadrature for Gaussian weights, the growth of a vector for Levy weights.

    The straightest offset of the exact law stands beside it where the scan is of the same activation.
    """
    declared = read_tsv(scan, OFFSET_SCAN)
    declared = declared[(declared[["xmin", "xmax"]] == declared[["xmin", "xmax"]].iloc[0]).all(axis=1)]
    rows = []
    for case, keys in cases.items():
        gaussian = keys["ensemble"] == "gaussian"
        if gaussian:
            variance, error = drift_free_weight_variance(keys["activation"], width), 0.0
        else:
            rng = generator(seed_key(seed, "derive_offsets", case, 0))
            variance, error = levy_drift_free_weight_variance(keys["levy_alpha"], width, GROWTH_LAYERS, rng)
        straightest = 1.0 + straightest_offset(declared) if gaussian and keys["activation"] == "tanh" else None
        rows.append((case, width, variance, error, straightest))
    columns = ["case", "width", "weight_variance", "standard_error", "straightest"]
    write_tsv(pd.DataFrame(rows, columns=columns), table, DERIVED_OFFSETS)


if "snakemake" in globals():
    run(main, snakemake)
