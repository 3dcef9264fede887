"""Fetch the four raw MNIST files and verify them."""

from collections.abc import Iterable
from pathlib import Path

from deepcrit.core.logs import log_to
from deepcrit.data.fetch import mnist


def main(outputs: Iterable[str], local_directory: str, timeout_seconds: float, log: str | None) -> None:
    """Leave the four files at `outputs`, which are their canonical names in one directory.

    `local_directory` is the only source when it is not empty; `timeout_seconds` is how long a public server
    may take to answer.
    """
    log_to(log)
    paths = [Path(output) for output in outputs]
    directories = {path.parent for path in paths}
    names = {path.name for path in paths}
    if len(directories) != 1 or names != {file.name for file in mnist.FILES}:
        raise ValueError(
            f"the outputs are {', '.join(file.name for file in mnist.FILES)} in one directory, "
            f"not {', '.join(map(str, paths))}"
        )
    local = Path(local_directory).expanduser() if local_directory else None
    mnist.download(directories.pop(), local, timeout_seconds=timeout_seconds)


if "snakemake" in globals():
    main(
        snakemake.output,
        snakemake.resources.local_directory,
        float(snakemake.resources.timeout),
        snakemake.log[0],
    )
