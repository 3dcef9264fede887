"""Steady signal strength and susceptibilities over the plane of weight and bias variance."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from deepcrit.core.grids import bias_grid, regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.mean_field.schemas import PLANE
from deepcrit.physics.meanfield import steady_state


def main(
    table: str, activation: str, weight_variances: Mapping[str, float], log_bias_variances: Mapping[str, float]
) -> None:
    """One row a point; no bias first."""
    log10, sb2 = bias_grid(log_bias_variances)
    sw2 = regular_grid(**weight_variances)
    state = steady_state(sw2[None, :], sb2[:, None], activation)
    rows = {
        "weight_variance": np.tile(sw2, len(sb2)),
        "bias_variance": np.repeat(sb2, len(sw2)),
        "log10_bias_variance": np.repeat(log10, len(sw2)),
        "variance": state.q.ravel(),
        "signal_strength": state.signal_strength.ravel(),
        "weight_susceptibility": state.weight_susceptibility.ravel(),
        "bias_susceptibility": state.bias_susceptibility.ravel(),
        "chi_1": state.chi_1.ravel(),
    }
    write_tsv(pd.DataFrame(rows), table, PLANE)


if "snakemake" in globals():
    run(main, snakemake)
