"""List the networks that are trained on a sequence of tasks."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.continual.configurations import configurations
from deepcrit.experiments.continual.schemas import CONTINUAL_MANIFEST


def main(manifest: str, sample: str, streams: int, settings: Mapping[str, Any]) -> None:
    """One row a network."""
    rows = configurations(sample, streams, settings["replacement_rates"], settings["targets"], settings["strengths"])
    write_tsv(rows, manifest, CONTINUAL_MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
