"""One real avalanche: the first of a seeded sample whose duration is nearest to the one asked for."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.signals.schemas import EXAMPLE_AVALANCHE
from deepcrit.physics.propagation.paths import simulate_paths
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.signals import durations, nearest_avalanche

AFTERWARDS = 0.25  # layers shown after the end, as a share of the duration


def main(table: str, spec: dict[str, Any], launched: int, duration: int, seed: int) -> None:
    """One row a layer, from the input until some layers after the end."""
    network = NetworkSpec(**spec)
    strength = simulate_paths(network, launched, generator(seed_key(seed, "signals", "example", 0)))
    found = durations(strength, network.threshold)
    index = nearest_avalanche(found, duration, network.depth)
    lasted = int(found[index])
    shown = strength[index, : min(lasted + 2 + int(AFTERWARDS * lasted), network.depth + 1)]
    rows = {
        "layer": np.arange(len(shown)),
        "signal_strength": shown,
        "threshold": network.threshold,
        "duration": lasted,
        "size": np.sqrt(network.width) * np.sum(strength[index, 1 : lasted + 1] - network.threshold),
    }
    write_tsv(pd.DataFrame(rows), table, EXAMPLE_AVALANCHE)


if "snakemake" in globals():
    run(main, snakemake)
