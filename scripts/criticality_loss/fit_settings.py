"""Fit the mixed models of accuracy over the settings of the criticality loss."""

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.criticality_loss.design import scan
from deepcrit.experiments.criticality_loss.mixed import fit_settings
from deepcrit.experiments.criticality_loss.schemas import (
    CRITICALITY_EFFECTS,
    CRITICALITY_MIXED,
    CRITICALITY_OUTCOMES,
)


def main(outcomes: str, effects: str, mixed: str, scanned: str, protocol: str, replicates: int, seed: int) -> None:
    """Every reading of the two predictors; ``protocol`` says whether they are of the published one."""
    rng = generator(seed_key(seed, "criticality_loss", "mixed models", 0))
    found, numbers = fit_settings(scan(read_tsv(outcomes, CRITICALITY_OUTCOMES), scanned), replicates, rng)
    write_tsv(found.assign(protocol=protocol), effects, CRITICALITY_EFFECTS)
    write_tsv(numbers.assign(protocol=protocol), mixed, CRITICALITY_MIXED)


if "snakemake" in globals():
    run(main, snakemake)
