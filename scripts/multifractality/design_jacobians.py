"""List the random Jacobians whose eigenvectors are measured, with their seeds."""

from collections.abc import Sequence

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.multifractality.design import jacobian_manifest
from deepcrit.experiments.multifractality.schemas import JACOBIAN_MANIFEST


def main(
    manifest: str, alphas: Sequence[float], gain: float, widths: Sequence[int], matrices: Sequence[int], seed: int
) -> None:
    """One row a matrix."""
    write_tsv(jacobian_manifest(alphas, gain, widths, matrices, seed), manifest, JACOBIAN_MANIFEST)


if "snakemake" in globals():
    run(main, snakemake)
