"""List the networks that are trained on a sequence of tasks."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.logs import log_to
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.continual.configurations import configurations
from deepcrit.experiments.continual.schemas import CONTINUAL_MANIFEST


def main(manifest: str, sample: str, streams: int, keys: Mapping[str, Any]) -> None:
    """One row a network."""
    rows = configurations(sample, streams, keys["replacement_rates"], keys["targets"], keys["strengths"])
    write_tsv(rows, manifest, CONTINUAL_MANIFEST)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(snakemake.output[0], snakemake.wildcards.sample, snakemake.params.streams, snakemake.params.configurations)
