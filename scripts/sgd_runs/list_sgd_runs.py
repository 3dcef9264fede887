"""List the networks of all samples, with their seeds."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.sgd_runs.runs import runs_of
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS


def main(runs: str, settings: Mapping[str, Any], seed: int) -> None:
    """One row a network."""
    write_tsv(pd.DataFrame(runs_of(settings, seed)), runs, SGD_RUNS)


if "snakemake" in globals():
    run(main, snakemake)
