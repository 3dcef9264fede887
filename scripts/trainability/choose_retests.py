"""Choose, at every width, some networks that missed the goal, to be trained longer from their first parameters."""

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.trainability.schemas import TRAINING_MANIFEST, TRAINING_OUTCOMES
from deepcrit.experiments.trainability.windows import spread_evenly


def main(manifest: str, outcomes: str, retests: str, per_width: int) -> None:
    """Spread evenly over the weight variances that failed."""
    networks = read_tsv(manifest, TRAINING_MANIFEST)
    missed = networks[~read_tsv(outcomes, TRAINING_OUTCOMES)["reached"]]
    chosen = [spread_evenly(rows, per_width) for _, rows in missed.groupby("width", sort=False)]
    write_tsv(pd.concat([networks.iloc[:0], *chosen]), retests, TRAINING_MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
