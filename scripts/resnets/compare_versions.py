"""How far the exponents of two models lie apart, at every multiplier."""

from itertools import combinations

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.resnets.fits import SPREAD
from deepcrit.experiments.resnets.schemas import LAYER_FITS, VERSION_GAPS

POINT = ["case", "normalisation", "multiplier", "quantity"]
METHOD = "root of the sum of squares of both half widths"


def main(fits: str, table: str) -> None:
    """One row a pair of models, case, normalisation, multiplier and exponent; models share no network."""
    found = read_tsv(fits, LAYER_FITS)
    found = found[found["quantity"].isin(["tau_s", "tau_d"]) & (found["multiplier"] != SPREAD)]
    rows = []
    for point, models in found.groupby(POINT, sort=False):
        for (_, first), (_, second) in combinations(models.iterrows(), 2):
            difference = first["value"] - second["value"]
            below = np.hypot(first["value"] - first["ci_low"], second["ci_high"] - second["value"])
            above = np.hypot(first["ci_high"] - first["value"], second["value"] - second["ci_low"])
            ends = (difference - below, difference + above)
            n = min(first["n"], second["n"])
            rows.append((*point, first["model"], second["model"], difference, *ends, METHOD, n))
    write_tsv(pd.DataFrame(rows, columns=[column.name for column in VERSION_GAPS.columns]), table, VERSION_GAPS)


if "snakemake" in globals():
    run(main, snakemake)
