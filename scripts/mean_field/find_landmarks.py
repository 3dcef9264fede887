"""Single numbers of the plane: the critical point, orderings over bias variances, and where the ridge ends."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.mean_field.schemas import CRITICAL_LINES, LANDMARKS, PLANE
from deepcrit.physics.meanfield import ridge_end, steady_state


def main(plane: str, lines: str, table: str, activation: str, excess_range: Sequence[float]) -> None:
    """Extrapolations are straight lines through the two points nearest to criticality."""
    strength = read_tsv(plane, PLANE).pivot_table("signal_strength", "bias_variance", "weight_variance").to_numpy()
    found = read_tsv(lines, CRITICAL_LINES)
    biased = found[found["bias_variance"] > 0].sort_values("bias_variance")
    height = biased["ridge_height"].to_numpy()
    near = np.array([1.0, 2.0]) * excess_range[0]
    q = steady_state(1.0 + near, 0.0, activation).q
    rows = [
        ("critical_weight_variance", 1.0 + _zero(near, q), "sw2 at which q_ss vanishes without bias, extrapolated"),
        (
            "critical_bias_variance",
            _zero(biased["bias_variance"].to_numpy()[:2], height[:2] ** -4.0),
            "sb2 at which height^-4 of the ridge vanishes, extrapolated",
        ),
        ("least_step_of_strength", np.diff(strength, axis=0).min(), "of sqrt(q_ss) to the next larger sb2, all sw2"),
        ("greatest_step_of_height", np.diff(height).max(), "of the height of the ridge to the next larger sb2"),
        ("relative_height", height[-1] / height[0], "of the ridge at the largest sb2 over that at the smallest"),
        ("least_gap", biased["gap"].min(), "sw2 on the edge of chaos less that on the ridge, over all sb2 > 0"),
        ("interior_share", biased["interior"].mean(), "share of sb2 > 0 with the ridge above sw2 = 0"),
        ("greatest_height", height.max(), "of the ridge over all sb2 > 0"),
        ("log10_ridge_end", np.log10(ridge_end(activation)), "log10 of the sb2 beyond which there is no ridge"),
    ]
    write_tsv(pd.DataFrame(rows, columns=["quantity", "value", "what"]), table, LANDMARKS)


def _zero(x: np.ndarray, y: np.ndarray) -> float:
    """Where the line through two points crosses zero."""
    return float(x[0] - y[0] * (x[1] - x[0]) / (y[1] - y[0]))


if "snakemake" in globals():
    run(main, snakemake)
