"""List the classifiers that are trained, with their seeds."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.criticality_loss.design import design_runs
from deepcrit.experiments.criticality_loss.schemas import CRITICALITY_RUNS


def main(runs: str, design: Mapping[str, Any], seed: int) -> None:
    """One row a network."""
    found = design_runs(
        design["targets"], design["strengths"], design["scanned"], tuple(design["compared"]), design["replicates"], seed
    )
    write_tsv(found, runs, CRITICALITY_RUNS)


if "snakemake" in globals():
    run(main, snakemake)
