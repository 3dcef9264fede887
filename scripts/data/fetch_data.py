"""Fetch one data set and verify it."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.data.fetch.datasets import DATASETS
from deepcrit.data.fetch.downloader import Downloader


def main(dataset: str, files: Sequence[str], local_directory: str, timeout: str) -> None:
    """Leave its files, which lie in one directory; a local directory that is not empty is the only source.

    ``timeout`` is how many seconds a source may take to answer.
    """
    wanted, sources = DATASETS[dataset]
    local = Path(local_directory) if local_directory else None
    Downloader(float(timeout)).fetch(wanted, sources, Path(files[0]).parent, local)


if "snakemake" in globals():
    run(main, snakemake)
