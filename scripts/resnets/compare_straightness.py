"""Hold the KS distances of classifiers against that of the widest Gaussian networks of the paper."""

import pandas as pd

from deepcrit.avalanches.schemas import EXPONENTS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.resnets.schemas import LAYER_FITS, STRAIGHTNESS

WIDTH = 1000
NAMES = {"duration": "ks_excess_d", "size": "ks_excess_s"}


def main(fits: str, exponents: str, table: str) -> None:
    """Differences, with the interval of the classifier's distance: that of millions of Gaussian avalanches is sharp.

    There are no rows where the Gaussian networks were not made as wide.
    """
    found = read_tsv(fits, LAYER_FITS)
    gaussian = read_tsv(exponents, EXPONENTS).query("sample == 'radial' and range == 'declared' and width == @WIDTH")
    rows = [pd.DataFrame(columns=[column.name for column in STRAIGHTNESS.columns])]
    for observable, distance in gaussian.set_index("observable")["ks_distance"].items():
        ours = found[found["quantity"] == NAMES[str(observable)]]
        rows.append(
            ours[["case", "model", "multiplier", "normalisation", "ci_method", "n"]].assign(
                observable=observable,
                distance=ours["value"],
                gaussian_distance=distance,
                difference=ours["value"] - distance,
                ci_low=ours["ci_low"] - distance,
                ci_high=ours["ci_high"] - distance,
            )
        )
    write_tsv(pd.concat(rows[1:] or rows), table, STRAIGHTNESS)


if "snakemake" in globals():
    run(main, snakemake)
