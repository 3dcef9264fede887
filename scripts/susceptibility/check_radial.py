"""Hold mean sizes of the annealed chain, which is exact, and of the radial chain against those of the exact law."""

from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.susceptibility.mean_sizes import (
    COUNTINGS,
    counted,
    exact_means,
    mean_of_blocks,
    simulate_plane_blocks,
    sums_of_blocks,
)
from deepcrit.experiments.susceptibility.plane import bias_variances
from deepcrit.experiments.susceptibility.schemas import SAMPLER_CHECK
from deepcrit.physics.propagation.spec import NetworkSpec


def main(
    table: str,
    networks: dict[str, dict[str, int]],
    annealed: dict[str, Any],
    activation: str,
    input_strength: float,
    minimum_avalanches: int,
    confidence: float,
    seed: int,
) -> None:
    """One row a network, point, method and way of counting."""
    rows = []
    for network, shape in networks.items():
        for sb2, log10 in bias_variances(annealed["log_bias_variances"]):
            for sw2 in annealed["weight_variances"]:
                spec = NetworkSpec(shape["width"], shape["depth"], sw2, sb2, activation, input_strength)
                exact, _ = exact_means(spec)
                for method in ("annealed", "radial"):
                    counts = annealed["blocks"], annealed["launched_per_block"]
                    blocks = simulate_plane_blocks(method, spec, *counts, seed, f"check_radial/{network}")
                    sums = sums_of_blocks(blocks)
                    for counting in COUNTINGS:
                        found = mean_of_blocks(*counted(sums, counting), confidence, minimum_avalanches)
                        law = exact[counting].mean
                        rows.append(
                            {
                                "network": network,
                                **shape,
                                "weight_variance": sw2,
                                "bias_variance": sb2,
                                "log10_bias_variance": log10,
                                "counting": counting,
                                "method": method,
                                "avalanches": found.avalanches,
                                "mean_size": found.mean,
                                "standard_error": found.standard_error,
                                "exact_mean_size": law,
                                "deviation": (found.mean - law) / found.standard_error,
                            }
                        )
    write_tsv(pd.DataFrame(rows), table, SAMPLER_CHECK)


if "snakemake" in globals():
    run(main, snakemake)
