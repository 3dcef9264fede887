"""Fetch trained weights of one model and verify them."""

import shutil
from pathlib import Path

from deepcrit.core.logs import log_to
from deepcrit.core.tables import written_aside
from deepcrit.data.fetch.downloads import Downloads
from deepcrit.pretrained.weights import cached_weights, wanted_weights, weights_url


def main(output: str, model: str, weights: str, local_directory: str, timeout_seconds: float) -> None:
    """Leave the weights at ``output``; a local directory that is not empty is the only source."""
    local = Path(local_directory).expanduser() if local_directory else None
    wanted = wanted_weights(weights_url(model, weights))
    with written_aside(output) as aside:
        shutil.copyfile(cached_weights(wanted, Path(output).parent, local, Downloads(timeout_seconds)), aside)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.output[0],
        snakemake.wildcards.model,
        snakemake.wildcards.weights,
        snakemake.resources.local_directory,
        float(snakemake.resources.timeout),
    )
