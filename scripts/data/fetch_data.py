"""Fetch one data set and verify it."""

from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.fetch.downloader import Downloader


def main(dataset: str, destination: str, local_directory: str, timeout: str) -> None:
    """Leave its files in a directory; a local directory that is not empty is the only source.

    ``timeout`` is how many seconds a source may take to answer.
    """
    files, sources = DATASETS[dataset]
    local = Path(local_directory) if local_directory else None
    Downloader(float(timeout)).fetch(files, sources, Path(destination), local)


if "snakemake" in globals():
    run(main, snakemake)
