"""Distances between neighbours along the circle, in the random networks of one shard, at every gain."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.manifolds.propagation import coefficient_of_variation, neighbour_distances
from deepcrit.experiments.manifolds.schemas import DISTANCE_VARIATIONS


def main(table: str, networks: Sequence[Mapping[str, Any]], distances: Mapping[str, Any], seed: int) -> None:
    """One row a network, gain and layer."""
    gains, layers = regular_grid(**distances["gains"]).tolist(), distances["layers"]
    frames = []
    for of in networks:
        rng = generator(seed_key(seed, "manifolds", f"neighbours/{of['alpha']!r}/N{of['width']}", of["network"]))
        with threadpool_limits(1):
            apart = neighbour_distances(
                rng, of["width"], of["alpha"], gains, layers, distances["pairs"], distances["spacing"]
            )
        variation = pd.DataFrame(coefficient_of_variation(apart), index=layers, columns=gains)
        frames.append(variation.rename_axis("layer").melt(var_name="gain", value_name="variation", ignore_index=False)
                      .reset_index().assign(**of))  # fmt: skip
    whole = pd.concat(frames)
    write_tsv(whole.assign(gain=whole["gain"].astype(float)), table, DISTANCE_VARIATIONS)


if "snakemake" in globals():
    run(main, snakemake)
