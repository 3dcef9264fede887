"""Fetch trained weights of one model and verify them."""

import shutil
from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.core.tables import written_aside
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.pretrained.weights import cached_weights, wanted_weights, weights_url


def main(file: str, model: str, weights: str, local_directory: str, timeout: str) -> None:
    """Leave the weights at ``file``; a local directory that is not empty is the only source."""
    local = Path(local_directory) if local_directory else None
    wanted = wanted_weights(weights_url(model, weights))
    with written_aside(file) as aside:
        shutil.copyfile(cached_weights(wanted, Path(file).parent, local, Downloader(float(timeout))), aside)


if "snakemake" in globals():
    run(main, snakemake)
