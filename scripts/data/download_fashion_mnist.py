"""Fetch the four raw Fashion-MNIST files and verify them."""

from collections.abc import Sequence
from pathlib import Path

from deepcrit.core.logs import log_to
from deepcrit.data.fetch import fashion_mnist


def main(outputs: Sequence[str], local_directory: str, timeout_seconds: float) -> None:
    """Leave the four files in the directory of ``outputs``, from ``local_directory`` alone unless it is empty."""
    local = Path(local_directory).expanduser() if local_directory else None
    fashion_mnist.download(Path(outputs[0]).parent, local, timeout_seconds=timeout_seconds)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(snakemake.output, snakemake.resources.local_directory, float(snakemake.resources.timeout))
