"""The crackling relation: slope, collapse exponent and (tau_d - 1)/(tau_s - 1), and their differences."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm

from deepcrit.avalanches.scaling import ratio_interval
from deepcrit.avalanches.schemas import COLLAPSES, CRACKLING, EXPONENTS, EXTRAPOLATIONS, GAMMAS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv


def main(exponents: str, gammas: str, collapses: str, extrapolations: str, table: str, confidence: float) -> None:
    """One row a quantity, sample and width; width 0 holds the ratio of the extrapolated exponents.

    Differences take the three estimates as independent. They share avalanches, which correlates them positively, so
    their intervals are wide rather than narrow.
    """
    declared = read_tsv(exponents, EXPONENTS).query("range == 'declared'").set_index(["sample", "width", "observable"])
    slope = read_tsv(gammas, GAMMAS).query("declared").set_index(["sample", "width"])
    collapse = read_tsv(collapses, COLLAPSES).set_index(["sample", "width"])
    quantile = norm.ppf(0.5 + confidence / 2)
    rows = []
    for point, fitted in slope.iterrows():
        duration, size = declared.loc[(*point, "duration")], declared.loc[(*point, "size")]
        ratio = ratio_interval(
            duration["exponent"], duration["standard_error"], size["exponent"], size["standard_error"],
            confidence=confidence,
        )  # fmt: skip
        found = {
            "gamma": (fitted["gamma"], fitted["ci_low"], fitted["ci_high"], fitted["ci_method"]),
            "ratio": (ratio.ratio, ratio.ci_low, ratio.ci_high, "Fieller"),
        }
        if point in collapse.index:
            best = collapse.loc[point]
            found["gamma_star"] = (best["gamma_star"], best["ci_low"], best["ci_high"], best["ci_method"])
        for first, second in combinations(sorted(found), 2):
            error = np.hypot(*((found[name][2] - found[name][1]) / (2 * quantile) for name in (first, second)))
            value = found[first][0] - found[second][0]
            found[f"{first} - {second}"] = (
                value, value - quantile * error, value + quantile * error, "normal, as if independent"
            )  # fmt: skip
        rows += [(*point, relation, *values) for relation, values in found.items()]
    ends = read_tsv(extrapolations, EXTRAPOLATIONS).query("parameter == 'tau'").set_index(["sample", "observable"])
    for sample in ends.index.get_level_values("sample").unique():
        rows.append((sample, 0, "ratio_extrapolated", *extrapolated_ratio(ends.loc[sample])))
    columns = ["sample", "width", "relation", "value", "ci_low", "ci_high", "ci_method"]
    write_tsv(pd.DataFrame(rows, columns=columns), table, CRACKLING)


def extrapolated_ratio(ends: pd.DataFrame) -> tuple[float, float, float, str]:
    """(tau_d - 1)/(tau_s - 1) of the extrapolated exponents; the corners of their intervals bound it."""
    duration, size = ends.loc["duration"], ends.loc["size"]
    value = (duration["value"] - 1) / (size["value"] - 1)
    if not (duration["identified"] and size["identified"] and size["ci_low"] > 1):
        return value, -np.inf, np.inf, "unbounded: an extrapolated exponent is not identified"
    corners = [(d - 1) / (s - 1) for d in duration[["ci_low", "ci_high"]] for s in size[["ci_low", "ci_high"]]]
    return value, min(corners), max(corners), "corners of both intervals"


if "snakemake" in globals():
    run(main, snakemake)
