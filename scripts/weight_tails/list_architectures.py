"""Count the weight tensors of the ten networks from their architectures."""

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.weight_tails.architectures import weight_architectures, weight_counts
from deepcrit.experiments.weight_tails.schemas import WEIGHT_ARCHITECTURES, WEIGHT_COUNTS


def main(architectures: str, counts: str) -> None:
    """One row a network, and one a reading of the list of networks."""
    found = weight_architectures()
    write_tsv(found, architectures, WEIGHT_ARCHITECTURES)
    write_tsv(weight_counts(found), counts, WEIGHT_COUNTS)


if "snakemake" in globals():
    run(main, snakemake)
