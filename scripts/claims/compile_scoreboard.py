"""Put the verdicts on all papers into one scoreboard, and say what the run that they are of was made from."""

from collections.abc import Mapping, Sequence

import pandas as pd

from deepcrit.claims.schemas import RUN_PROVENANCE, SCOREBOARD
from deepcrit.core.jobs import run
from deepcrit.core.machine import commit, processor, versions
from deepcrit.core.tables import read_tsv, write_tsv

# Libraries that numbers and pictures depend on.
PACKAGES = (
    "deepcrit", "igraph", "matplotlib", "numba", "numpy", "pandas", "powerlaw", "pyarrow", "scipy", "seaborn",
    "snakemake", "statsmodels", "torch", "torchvision",
)  # fmt: skip


def main(verdicts: Sequence[str], scoreboard: str, provenance: str, parameters: Mapping[str, object]) -> None:
    """Concatenate the verdicts of each paper, in the order given.

    `parameters` come first in the provenance, in their order, before commit, machine and versions of packages.
    """
    frames = [read_tsv(path, SCOREBOARD) for path in verdicts]
    write_tsv(pd.concat(frames, ignore_index=True), scoreboard, SCOREBOARD)
    told = {
        **{name: str(value) for name, value in parameters.items()},
        "git commit": commit(),
        "processor": processor(),
        **versions(PACKAGES),
    }
    write_tsv(pd.DataFrame(told.items(), columns=["name", "value"]), provenance, RUN_PROVENANCE)


if "snakemake" in globals():
    run(main, snakemake)
