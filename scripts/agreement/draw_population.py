"""List the networks of the population, with their seeds."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.agreement.design import agreement_design
from deepcrit.experiments.agreement.schemas import AGREEMENT_MANIFEST


def main(manifest: str, design: Mapping[str, Any], seed: int) -> None:
    """One row a network."""
    write_tsv(agreement_design(design, seed), manifest, AGREEMENT_MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
