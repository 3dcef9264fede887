"""Locate the band of critical scales at which the paper finds trained weights."""

from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.weight_tails.schemas import WEIGHT_BAND
from deepcrit.physics.heavytails.band import critical_band


def main(band: str, alphas: dict[str, float], gains: dict[str, float]) -> None:
    """One row an alpha."""
    write_tsv(critical_band(regular_grid(**alphas), regular_grid(**gains)), band, WEIGHT_BAND)


if "snakemake" in globals():
    run(main, snakemake)
