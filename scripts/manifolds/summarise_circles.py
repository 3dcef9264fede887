"""Singular values of circles over networks: medians with quantiles, and how much their first component holds."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.manifolds.schemas import CIRCLE_PROJECTIONS, CIRCLE_SPECTRA, CIRCLE_SUMMARY
from deepcrit.stats.intervals import mean_interval, percentile_interval

QUANTITIES = ("log10_total", "log10_top", *(f"share_{place}" for place in range(1, 6)), "share_of_two")


def main(spectra: Sequence[str], projections: Sequence[str], drawn: str, table: str) -> None:
    """Gather the shards; what is printed is one network, so that the interval is that of one network."""
    found = pd.concat([read_tsv(part, CIRCLE_SPECTRA) for part in spectra])
    found["share_of_two"] = found["share_1"] + found["share_2"]
    rows = []
    for alpha, of in found.sort_values("network").groupby("alpha"):
        shares = of.pivot_table("share_1", "network", "gain")
        for gain, at in of.groupby("gain"):
            point = {"alpha": alpha, "gain": gain, "networks": len(at)}
            for quantity in QUANTITIES:
                low, high = percentile_interval(at[quantity])
                rows.append({**point, "quantity": quantity, "value": at[quantity].median(), "ci_low": low,
                             "ci_high": high, "ci_method": "quantiles of networks"})  # fmt: skip
            more = mean_interval(shares[gain] - shares[shares.columns[-1]])
            rows.append({**point, "quantity": "share_over_chaotic", "value": more.value, "ci_low": more.ci_low,
                         "ci_high": more.ci_high, "ci_method": "Student over networks"})  # fmt: skip
    write_tsv(pd.DataFrame(rows), table, CIRCLE_SUMMARY)
    curves = [read_tsv(part, CIRCLE_PROJECTIONS) for part in projections]
    curve = pd.concat([part for part in curves if len(part)]).sort_values(["alpha", "gain", "angle"])
    write_tsv(curve, drawn, CIRCLE_PROJECTIONS)


if "snakemake" in globals():
    run(main, snakemake)
