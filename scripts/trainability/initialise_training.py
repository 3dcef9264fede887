"""List the networks of a grid, with their seeds."""

from collections.abc import Mapping
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.trainability.schemas import TRAINING_MANIFEST
from deepcrit.experiments.trainability.windows import grid_of_points


def main(
    manifest: str,
    sample: str,
    grid: Mapping[str, Any],
    seed: int,
) -> None:
    """One row a network."""
    points = grid_of_points(
        sample, grid["widths"], grid["depth"], grid["weight_variances"], grid["log_bias_variances"], seed,
        grid["networks"],
    )  # fmt: skip
    write_tsv(points, manifest, TRAINING_MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
