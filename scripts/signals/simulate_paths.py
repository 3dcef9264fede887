"""Signal strength along the layers below, at and above the critical weight variance, and how fast it grows."""

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.signals.schemas import GROWTH_RATES, SIGNAL_PATHS
from deepcrit.physics.meanfield import steady_state
from deepcrit.physics.propagation.paths import simulate_paths
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.signals import growth_rate, linear_growth_rate, mean_field_path


def main(
    paths: str, growth_rates: str, spec: dict[str, Any], weight_variances: list[float], networks: int,
    linear_layers: int, drawn: int, seed: int,
) -> None:  # fmt: skip
    """Some networks layer by layer with the spread of all; and one row of rates a weight variance."""
    series, rates = [], []
    for sw2 in weight_variances:
        at = NetworkSpec(weight_variance=sw2, **spec)
        strength = simulate_paths(at, networks, generator(seed_key(seed, "signals", f"paths/{sw2!r}", 0)))
        low, median, high = np.quantile(strength, [0.025, 0.5, 0.975], axis=0)
        kept = {"mean_field": mean_field_path(at), "median": median, "low": low, "high": high}
        kept |= {f"network_{index}": strength[index] for index in range(drawn)}
        series += [
            pd.DataFrame(
                {"weight_variance": sw2, "series": name, "layer": np.arange(at.depth + 1), "signal_strength": s}
            )
            for name, s in kept.items()
        ]
        growth = growth_rate(strength, linear_layers)
        rates.append(
            {
                "weight_variance": sw2,
                "rate": growth.value,
                "standard_error": growth.standard_error,
                "ci_low": growth.ci_low,
                "ci_high": growth.ci_high,
                "ci_method": "Student's t over networks",
                "linear_rate": linear_growth_rate(at.width, sw2),
                "mean_field_rate": 0.5 * np.log(sw2),
                "steady_strength": float(steady_state(sw2, at.bias_variance, at.activation).signal_strength),
                "layers": linear_layers,
                "networks": networks,
            }
        )
    write_tsv(pd.concat(series), paths, SIGNAL_PATHS)
    write_tsv(pd.DataFrame(rates), growth_rates, GROWTH_RATES)


if "snakemake" in globals():
    run(main, snakemake)
