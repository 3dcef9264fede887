"""Simulate the model of redistributed connections at every probability, and fit power laws to its strengths."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.weight_statistics.redistribution import (
    redistributed_strengths,
    redistribution_exponents,
    redistribution_relation,
)
from deepcrit.experiments.weight_statistics.schemas import (
    REDISTRIBUTED_WEIGHTS,
    REDISTRIBUTION_FITS,
    REDISTRIBUTION_RELATION,
)
from deepcrit.experiments.weight_statistics.tails import log_binned_density


def main(weights: str, fits: str, relation: str, settings: Mapping[str, Any], seed: int) -> None:
    """Matrices have random numbers of their own, whatever other probabilities there are."""
    strengths = {
        probability: np.concatenate(
            [
                redistributed_strengths(
                    probability,
                    settings["connections"],
                    settings["sweeps"],
                    generator(seed_key(seed, "weight_statistics", f"redistribution/{probability}", matrix)),
                )
                for matrix in range(settings["matrices"])
            ]
        )
        for probability in settings["probabilities"]
    }
    densities = []
    for probability, values in strengths.items():
        x, density = log_binned_density(values)
        densities.append(pd.DataFrame({"probability": probability, "x": x, "density": density}))
    found = redistribution_exponents(strengths)
    write_tsv(pd.concat(densities), weights, REDISTRIBUTED_WEIGHTS)
    write_tsv(found, fits, REDISTRIBUTION_FITS)
    write_tsv(redistribution_relation(found, settings["least"]), relation, REDISTRIBUTION_RELATION)


if "snakemake" in globals():
    run(main, snakemake)
