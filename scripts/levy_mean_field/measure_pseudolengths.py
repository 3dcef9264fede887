"""Pseudolengths of simulated networks of stable weights, beside the fixed points of the map."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.levy_mean_field.schemas import PSEUDOLENGTHS
from deepcrit.physics.heavytails import fitted_pseudolength, fixed_point, simulate_pseudolengths
from deepcrit.stats.intervals import mean_interval


def main(table: str, pseudolengths: Mapping[str, Any], seed: int) -> None:
    """One row a point: the scale of the last layer's pre-activations by maximum likelihood, network by network."""
    keys = pseudolengths
    rows = []
    for alpha in keys["alphas"]:
        for gain in keys["gains"]:
            rng = generator(seed_key(seed, "levy_mean_field", f"q/{alpha!r}/{gain!r}", 0))
            last = simulate_pseudolengths(rng, keys["networks"], keys["width"], keys["depth"], alpha, gain).last
            fitted = np.array([fitted_pseudolength(h, alpha) for h in last])
            expected = fixed_point(alpha, gain)
            relative = mean_interval(fitted / expected - 1 if expected else np.full(len(fitted), np.nan))
            rows.append((alpha, gain, keys["width"], keys["networks"], expected, fitted.mean(), relative.value,
                         relative.ci_low, relative.ci_high, "Student over networks"))  # fmt: skip
    write_tsv(pd.DataFrame(rows, columns=[column.name for column in PSEUDOLENGTHS.columns]), table, PSEUDOLENGTHS)


if "snakemake" in globals():
    run(main, snakemake)
