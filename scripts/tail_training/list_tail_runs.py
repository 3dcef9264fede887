"""List the networks whose weights are followed, with their seeds."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.tail_training.schemas import TAIL_RUNS


def main(runs: str, learning_rates: Sequence[float], replicates: int, seed: int) -> None:
    """One row a network; replicates of the same number begin alike at every learning rate."""
    rows = [
        (f"rate{place}_network{replicate}", rate, replicate, seed_key(seed, "tail_training", "network", replicate))
        for place, rate in enumerate(learning_rates)
        for replicate in range(replicates)
    ]
    write_tsv(pd.DataFrame(rows, columns=["point", "learning_rate", "replicate", "seed_key"]), runs, TAIL_RUNS)


if "snakemake" in globals():
    run(main, snakemake)
