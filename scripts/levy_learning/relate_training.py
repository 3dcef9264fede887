"""Hold training from stable weights against what is known of the same networks before."""

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.levy_learning.points import region_accuracy, training_correlations, training_points
from deepcrit.experiments.levy_learning.schemas import LEVY_POINTS, LEVY_REGIONS
from deepcrit.experiments.levy_mean_field.schemas import LATER_EDGE
from deepcrit.experiments.levy_training.schemas import INITIALLY, LEVY_OUTCOMES, ON_GRID
from deepcrit.experiments.multifractality.schemas import TRAINED_DIMENSIONS
from deepcrit.stats.schemas import RANK_CORRELATIONS


def main(
    outcomes: str, dimensions: str, later: str, points: str, correlations: str, regions: str, replicates: int, seed: int
) -> None:
    """One row a network of the grid, rank correlations, and the extended critical regime against the rest."""
    trained = read_tsv(outcomes, LEVY_OUTCOMES)
    grid = trained[trained["sample"] == ON_GRID]
    measured = read_tsv(dimensions, TRAINED_DIMENSIONS)
    second = measured[(measured["power"] == measured["power"].max()) & (measured["snapshot"] == INITIALLY)]
    rows = training_points(grid, second, read_tsv(later, LATER_EDGE))
    write_tsv(rows[[column.name for column in LEVY_POINTS.columns]], points, LEVY_POINTS)
    rng = generator(seed_key(seed, "levy_learning", "bootstrap", 0))
    write_tsv(training_correlations(rows, rng, replicates), correlations, RANK_CORRELATIONS)
    write_tsv(region_accuracy(rows, grid["protocol"].iloc[0]), regions, LEVY_REGIONS)


if "snakemake" in globals():
    run(main, snakemake)
