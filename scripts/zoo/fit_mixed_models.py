"""Fit the mixed models of accuracy of which all predictors are known."""

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.zoo.accuracy_models import AccuracyFits
from deepcrit.experiments.zoo.accuracy_summary import summarise
from deepcrit.experiments.zoo.measured_models import with_dynamics
from deepcrit.experiments.zoo.schemas import (
    DYNAMICS,
    MIXED_CORRELATIONS,
    MIXED_EFFECTS,
    MIXED_MODELS,
    MIXED_SUMMARY,
    MODELS,
)


def main(models: str, dynamics: str, fits: str, effects: str, correlations: str, summary: str, least: int) -> None:
    """Models of predictors that are known of fewer than ``least`` classifiers leave their rows out."""
    measured = read_tsv(dynamics, DYNAMICS)
    found = AccuracyFits(with_dynamics(read_tsv(models, MODELS), measured), least)
    write_tsv(found.models, fits, MIXED_MODELS)
    write_tsv(found.effects, effects, MIXED_EFFECTS)
    write_tsv(found.correlations, correlations, MIXED_CORRELATIONS)
    write_tsv(summarise(found.models, found.effects), summary, MIXED_SUMMARY)


if "snakemake" in globals():
    run(main, snakemake)
