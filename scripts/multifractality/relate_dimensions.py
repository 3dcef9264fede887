"""Average the dimensions of random networks and extrapolate them, and hold those of trained ones against them."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.levy_training.schemas import LEVY_MANIFEST
from deepcrit.experiments.multifractality.ensembles import dimension_scaling, random_dimensions
from deepcrit.experiments.multifractality.landmarks import multifractal_landmarks
from deepcrit.experiments.multifractality.schemas import (
    DIMENSION_SCALING,
    MATRIX_DIMENSIONS,
    MULTIFRACTAL_LANDMARKS,
    RANDOM_DIMENSIONS,
    TRAINED_DIMENSIONS,
    TRAINED_SHARD,
)
from deepcrit.physics.heavytails import delocalised_dimensions


def main(
    jacobians: str,
    networks: str,
    random_shards: Sequence[str],
    trained_shards: Sequence[str],
    random: str,
    scaling: str,
    trained: str,
    landmarks: str,
    protocol: str,
    seed: int,
) -> None:
    """Shards of other manifests or other code are refused by name."""
    check_provenance(random_shards, jacobians)
    check_provenance(trained_shards, networks)
    matrices = pd.concat([read_parquet(shard, MATRIX_DIMENSIONS) for shard in random_shards])
    averages, slopes = random_dimensions(matrices, seed), dimension_scaling(matrices)
    write_tsv(averages, random, RANDOM_DIMENSIONS)
    write_tsv(slopes, scaling, DIMENSION_SCALING)
    manifest = read_tsv(networks, LEVY_MANIFEST).drop(columns=["seed_key", "batch", "learning_rate"])
    every = manifest.merge(pd.concat([read_parquet(shard, TRAINED_SHARD) for shard in trained_shards]), on="point")
    parts = []
    for width, of in every.groupby("width", sort=False):
        nulls = {f"{name}_null": delocalised_dimensions(int(width), name == "complex", of["power"])
                 for name in ("real", "complex")}  # fmt: skip
        parts.append(of.assign(**nulls, protocol=protocol))
    found = pd.concat(parts)
    write_tsv(found, trained, TRAINED_DIMENSIONS)
    write_tsv(multifractal_landmarks(found, slopes, averages), landmarks, MULTIFRACTAL_LANDMARKS)


if "snakemake" in globals():
    run(main, snakemake)
