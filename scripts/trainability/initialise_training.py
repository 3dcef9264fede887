"""List the networks of a grid, with their seeds."""

from collections.abc import Mapping, Sequence

from deepcrit.core.logs import log_to
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.trainability.schemas import TRAINING_MANIFEST
from deepcrit.experiments.trainability.windows import grid_of_points


def main(
    manifest: str,
    sample: str,
    widths: Sequence[int],
    depth: int,
    weight_variances: Mapping[str, float],
    log_bias_variances: Sequence[float],
    seed: int,
) -> None:
    """One row a network."""
    points = grid_of_points(sample, widths, depth, weight_variances, log_bias_variances, seed)
    write_tsv(points, manifest, TRAINING_MANIFEST)


if "snakemake" in globals():
    log_to(snakemake.log[0])
    main(
        snakemake.output[0],
        snakemake.wildcards.sample,
        snakemake.params.grid["widths"],
        snakemake.params.grid["depth"],
        snakemake.params.grid["weight_variances"],
        snakemake.params.grid["log_bias_variances"],
        snakemake.params.seed,
    )
