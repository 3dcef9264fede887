"""Dynamics of networks, averaged over their inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from deepcrit.physics.lyapunov.exponent import lyapunov_exponent


def average_dynamics(inputs: pd.DataFrame) -> pd.DataFrame:
    """Dynamics of every network, averaged over its inputs.

    sigma = a_out / a_in, Sigma = |1 - sigma| and lambda_0 = ln(Lambda_0) / m at each input, then mean and standard
    deviation (Vock and Meisel, Methods).

    Args:
        inputs: schema ``dynamics_inputs``.

    Returns:
        Schema ``dynamics``, in the order in which networks first appear.
    """
    sigma = inputs["activity_out"] / inputs["activity_in"]
    each = inputs.assign(
        branching_parameter=sigma,
        branching_distance=(1.0 - sigma).abs(),
        lyapunov_exponent=lyapunov_exponent(np.log(inputs["top_singular_value"]), inputs["modules"]),
    )
    measures = ("branching_parameter", "branching_distance", "top_singular_value", "lyapunov_exponent")
    same = ("source", "images", "accuracy", "parameters", "modules")
    return (
        each.groupby(["model", "weights"], sort=False)
        .agg(
            **{name: (name, "first") for name in same},
            inputs=("image", "size"),
            products=("products", "sum"),
            converged=("converged", "all"),
            error=("error", "max"),
            **{name: (name, "mean") for name in measures},
            **{f"{name}_sd": (name, "std") for name in measures},
        )
        .reset_index()
    )
