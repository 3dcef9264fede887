"""The law of durations against the strength of the input, at one weight variance and at one that follows the input."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.agreement import durations_against_law
from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.signals.schemas import (
    INPUT_STRENGTH_SURVIVAL,
    INPUT_STRENGTH_TRENDS,
    INPUT_STRENGTHS,
)
from deepcrit.physics.meanfield import moments, steady_state
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law
from deepcrit.physics.signals import cutoff, random_walk_survival

DRAWN = 120  # log-spaced durations of a survival curve
NO_PROFILES = (1, 2)  # the shortest range of profiles there is


def main(
    strengths: str, survival: str, trends: str, spec: dict[str, Any], weight_variance: float,
    log_squared_norms: Mapping[str, float], launched: int, seed: int,
) -> None:  # fmt: skip
    """One row an input strength and tuning; its survival curve; and one row a quantity and tuning."""
    points, curves = [], []
    shown = np.unique(np.round(np.geomspace(1, spec["depth"], DRAWN)).astype(int))
    walk = random_walk_survival(spec["depth"])[shown]
    for tuning in ("fixed", "matched"):
        for log10 in regular_grid(**log_squared_norms):
            q = 10.0**log10 / spec["width"]
            sw2 = weight_variance
            if tuning == "matched":
                sw2 *= float(q / moments(q, spec["activation"]).mean_square)
            network = NetworkSpec(weight_variance=sw2, input_strength=10.0 ** (0.5 * log10), **spec)
            alive = transfer_law(network).alive
            key = seed_key(seed, "signals", f"inputs/{tuning}/{log10!r}", 0)
            duration = simulate_radial(network, launched, generator(key), NO_PROFILES).duration
            all_durations = np.concatenate([duration, np.zeros(launched - len(duration))])
            point = {"tuning": tuning, "log10_squared_norm": log10, "weight_variance": sw2}
            steady = steady_state(sw2, network.bias_variance, network.activation).signal_strength
            points.append(
                point
                | {
                    "steady_over_input": float(steady) / network.threshold,
                    "started": alive[1],
                    "mean_duration": alive[1:].sum(),
                    "cutoff": cutoff(alive),
                    "censored": alive[-1],
                    "sampled_mean": all_durations.mean(),
                    "sampled_error": all_durations.std() / np.sqrt(launched),
                    "p_value": durations_against_law(duration, launched, alive)[1],
                    "launched": launched,
                }
            )
            curves.append(pd.DataFrame(point | {"duration": shown, "alive": alive[shown], "random_walk": walk}))
    table = pd.DataFrame(points)
    write_tsv(table, strengths, INPUT_STRENGTHS)
    write_tsv(pd.concat(curves), survival, INPUT_STRENGTH_SURVIVAL)
    rows = [
        {"tuning": tuning, "quantity": quantity, "greatest_step": _greatest_step(of[quantity]),
         "points": of[quantity].notna().sum()}
        for tuning, of in table.groupby("tuning", sort=False) for quantity in ("mean_duration", "cutoff")
    ]  # fmt: skip
    write_tsv(pd.DataFrame(rows), trends, INPUT_STRENGTH_TRENDS)


def _greatest_step(values: pd.Series) -> float:
    """Of the logarithm; a cutoff beyond the depth counts as infinite, and between two of them there is no step."""
    logs = np.log(values.fillna(np.inf))
    return float(max(after - before for before, after in pairwise(logs) if np.isfinite([before, after]).any()))


if "snakemake" in globals():
    run(main, snakemake)
