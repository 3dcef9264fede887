"""Put the fluxes of all shards together, and relate them to iterations, size and mobility."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.fluxes.relations import flux_branches, flux_shifts, flux_slopes
from deepcrit.experiments.fluxes.schemas import (
    FLUX_BRANCHES,
    FLUX_PARTS,
    FLUX_SHIFTS,
    FLUX_SLOPES,
    FLUXES,
)
from deepcrit.experiments.sgd_runs.schemas import RUN_COLUMNS, RUN_OUTCOMES


def main(outcomes: str, parts: Sequence[str], fluxes: str, slopes: str, shifts: str, branches: str, early: int) -> None:
    """Slopes and branches are those of the sample ``phases``, shifts those of ``terminal``."""
    check_provenance(parts)
    runs = read_tsv(outcomes, RUN_OUTCOMES)[[column.name for column in RUN_COLUMNS]]
    table = runs.merge(pd.concat([read_parquet(part, FLUX_PARTS) for part in parts]), on="run")
    write_tsv(table, fluxes, FLUXES)
    plane = table[table["sample"] == "phases"]
    write_tsv(flux_slopes(plane, early), slopes, FLUX_SLOPES)
    write_tsv(flux_shifts(table[table["sample"] == "terminal"]), shifts, FLUX_SHIFTS)
    write_tsv(flux_branches(plane), branches, FLUX_BRANCHES)


if "snakemake" in globals():
    run(main, snakemake)
