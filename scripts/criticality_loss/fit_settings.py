"""Fit the mixed models of accuracy over the settings of the criticality loss."""

from collections.abc import Mapping
from typing import Any

from deepcrit.criticality_loss.design import protocol_columns, scan
from deepcrit.criticality_loss.mixed import fit_settings
from deepcrit.logs import log_to
from deepcrit.schemas.criticality_loss import CRITICALITY_EFFECTS, CRITICALITY_MIXED, CRITICALITY_OUTCOMES
from deepcrit.seeds import generator, seed_key
from deepcrit.tables import read_tsv, write_tsv


def main(
    outcomes: str, effects: str, mixed: str, scanned: str, protocol: Mapping[str, Any], replicates: int, seed: int
) -> None:
    """Every reading of the two predictors."""
    rng = generator(seed_key(seed, "criticality_loss", "mixed models", 0))
    found, numbers = fit_settings(scan(read_tsv(outcomes, CRITICALITY_OUTCOMES), scanned), replicates, rng)
    write_tsv(found.assign(**protocol_columns(**protocol)), effects, CRITICALITY_EFFECTS)
    write_tsv(numbers.assign(**protocol_columns(**protocol)), mixed, CRITICALITY_MIXED)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.input[0],
        snakemake.output.effects,
        snakemake.output.mixed,
        snakemake.params.scanned,
        snakemake.params.protocol,
        snakemake.params.replicates,
        snakemake.params.seed,
    )
