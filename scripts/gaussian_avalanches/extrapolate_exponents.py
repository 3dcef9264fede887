"""Exponents of infinitely wide networks: tau(N) = tau + c N^-w, for every sample with enough widths."""

import pandas as pd
from scipy.stats import chi2

from deepcrit.avalanches.scaling import extrapolate
from deepcrit.avalanches.schemas import EXPONENTS, EXTRAPOLATIONS
from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv

PARAMETERS = 3
FEWEST_WIDTHS = PARAMETERS + 1  # and a degree of freedom


def main(exponents: str, table: str, confidence: float) -> None:
    """Fit the declared-range exponents of sizes and of durations against width.

    Errors are taken as known up to a common factor, estimated from the residuals: at millions of avalanches the form
    is a poorer approximation than the exponents.
    """
    declared = read_tsv(exponents, EXPONENTS).query("range == 'declared'")
    rows = []
    for (sample, observable), points in declared.groupby(["sample", "observable"], sort=False):
        if len(points) < FEWEST_WIDTHS:
            continue
        fit = extrapolate(points["width"], points["exponent"], points["standard_error"], confidence=confidence)
        for parameter in ("tau", "c", "w"):
            rows.append(
                {
                    "sample": sample,
                    "observable": observable,
                    "parameter": parameter,
                    "value": getattr(fit, parameter),
                    "ci_low": getattr(fit, f"{parameter}_ci_low"),
                    "ci_high": getattr(fit, f"{parameter}_ci_high"),
                    "ci_method": "profile likelihood, residual errors" + (f"; {fit.reason}" if fit.reason else ""),
                    "identified": fit.identified,
                    "chi2_per_dof": fit.chi2_per_dof,
                    "p_value": chi2.sf(fit.chi2_per_dof * (len(points) - PARAMETERS), len(points) - PARAMETERS),
                    "residual_rms": fit.residual_rms,
                    "widths": len(points),
                }
            )
    write_tsv(pd.DataFrame(rows), table, EXTRAPOLATIONS)


if "snakemake" in globals():
    run(main, snakemake)
