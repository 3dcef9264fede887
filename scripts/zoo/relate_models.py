"""Hold accuracy of classifiers against year, size and whatever dynamics were measured, by rank correlations."""

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.zoo.history import classifier_correlations, classifier_landmarks
from deepcrit.experiments.zoo.measured_models import with_dynamics
from deepcrit.experiments.zoo.schemas import DYNAMICS, MODELS, WEIGHT_SETS, ZOO_LANDMARKS
from deepcrit.stats.schemas import RANK_CORRELATIONS


def main(models: str, sets: str, dynamics: str, correlations: str, numbers: str, least: int, seed: int) -> None:
    """Measures of dynamics that are known of fewer than ``least`` classifiers leave their rows out."""
    measured = read_tsv(dynamics, DYNAMICS)
    classifiers = with_dynamics(read_tsv(models, MODELS), measured)
    rng = generator(seed_key(seed, "zoo", "bootstrap", 0))
    write_tsv(classifier_correlations(classifiers, least, rng), correlations, RANK_CORRELATIONS)
    write_tsv(classifier_landmarks(classifiers, read_tsv(sets, WEIGHT_SETS), least), numbers, ZOO_LANDMARKS)


if "snakemake" in globals():
    run(main, snakemake)
