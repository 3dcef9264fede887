"""List the networks that are trained from stable weights, with their seeds."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.levy_training.design import stable_design
from deepcrit.experiments.levy_training.schemas import LEVY_MANIFEST


def main(manifest: str, design: Mapping[str, Any], seed: int) -> None:
    """One row a network."""
    write_tsv(stable_design(design, seed), manifest, LEVY_MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
