"""Relate accuracy to what networks were trained with, to exponents and to the criticality loss."""

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.continual.mixed import fit_mixed_models
from deepcrit.experiments.continual.schemas import (
    CONTINUAL_EFFECTS,
    CONTINUAL_FITS,
    CONTINUAL_STATISTICS,
    CONTINUAL_TASKS,
)
from deepcrit.experiments.continual.statistics import statistics


def main(tasks: str, found: str, fits: str, effects: str, averaged: int) -> None:
    """Each sequence of tasks by itself."""
    sequences = [rows for _, rows in read_tsv(tasks, CONTINUAL_TASKS).groupby("sample", sort=False)]
    write_tsv(pd.concat([statistics(rows, averaged) for rows in sequences]), found, CONTINUAL_STATISTICS)
    models = [fit_mixed_models(rows) for rows in sequences]
    write_tsv(pd.concat([fit for fit, _ in models]), fits, CONTINUAL_FITS)
    write_tsv(pd.concat([effect for _, effect in models]), effects, CONTINUAL_EFFECTS)


if "snakemake" in globals():
    run(main, snakemake)
