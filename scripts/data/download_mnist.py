"""Fetch the four raw MNIST files and verify them."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.core.jobs import run
from deepcrit.data.fetch import mnist


def main(files: Sequence[str], local_directory: str, timeout: str) -> None:
    """Leave the four files in the directory of ``files``, from ``local_directory`` alone unless it is empty.

    ``timeout`` is how many seconds a public server may take to answer.
    """
    local = Path(local_directory).expanduser() if local_directory else None
    mnist.download(Path(files[0]).parent, local, timeout_seconds=float(timeout))


if "snakemake" in globals():
    run(main, snakemake)
