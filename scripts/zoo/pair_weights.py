"""Hold old and new weights of the same architectures against each other."""

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.zoo.pairs import changes, compare_weights
from deepcrit.experiments.zoo.schemas import DYNAMICS, MODELS, RECIPE_CHANGES, WEIGHT_PAIRS, WEIGHT_SETS


def main(models: str, sets: str, dynamics: str, pairs: str, table: str) -> None:
    """One row a pair and reading, and one a measure and choice of pairs."""
    measured = read_tsv(dynamics, DYNAMICS)
    compared = compare_weights(read_tsv(models, MODELS), read_tsv(sets, WEIGHT_SETS), measured)
    write_tsv(compared, pairs, WEIGHT_PAIRS)
    write_tsv(changes(compared), table, RECIPE_CHANGES)


if "snakemake" in globals():
    run(main, snakemake)
