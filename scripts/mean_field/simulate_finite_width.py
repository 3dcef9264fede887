"""Steady states of networks of finite width on the plane, and where their edge of chaos and their ridge are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.mean_field.schemas import FINITE_WIDTH, FINITE_WIDTH_LINES
from deepcrit.physics.meanfield import edge_of_chaos, ridge, steady_state
from deepcrit.physics.meanfield.finite_lines import locate_crossing, locate_peak
from deepcrit.physics.meanfield.finite_width import simulate_steady_state
from deepcrit.physics.signals import linear_growth_rate
from deepcrit.stats.intervals import mean_intervals

RELAXED = 10.0  # times that a signal without bias must grow by e within the layers that are forgotten
NEAR = 0.2  # distance in sw2 of the points that a line is located from
LINES = {"edge": ("chi_1", locate_crossing), "ridge": ("weight_susceptibility", locate_peak)}


def main(table: str, lines: str, activation: str, finite_width: Mapping[str, Any], seed: int) -> None:
    """One row a quantity and point; and one a line, width and bias variance.

    Without bias, points are those at which signals live and soon settle.
    """
    points, located = [], []
    for width in finite_width["widths"]:
        for log10 in (-np.inf, *finite_width["log_bias_variances"]):
            sw2 = np.array(finite_width["weight_variances"])
            if np.isneginf(log10):
                sw2 = sw2[[linear_growth_rate(width, at) * finite_width["burn_in"] > RELAXED for at in sw2]]
            if not sw2.size:
                continue
            rng = generator(seed_key(seed, "finite_width", f"N{width}/{log10!r}", 0))
            of = _simulate(width, sw2, log10, activation, finite_width, rng)
            points.append(of)
            if np.isfinite(log10):
                located += [_line(name, of, activation, rng) for name in LINES]
    write_tsv(pd.concat(points), table, FINITE_WIDTH)
    write_tsv(pd.DataFrame(located), lines, FINITE_WIDTH_LINES)


def _simulate(
    width: int, sw2: np.ndarray, log10: float, activation: str, keys: Mapping[str, Any], rng: np.random.Generator
) -> pd.DataFrame:
    """All quantities at all weight variances of one width and bias variance."""
    found = simulate_steady_state(
        width, sw2, 10.0**log10, activation, keys["chains"], keys["burn_in"], keys["layers"], rng
    )  # fmt: skip
    infinite = steady_state(sw2, 10.0**log10, activation)
    rows = []
    for quantity, values in found._asdict().items():
        mean = mean_intervals(values)
        rows.append(
            pd.DataFrame(
                {
                    "width": width,
                    "bias_variance": 10.0**log10,
                    "log10_bias_variance": log10,
                    "weight_variance": sw2,
                    "quantity": quantity,
                    "value": mean.value,
                    "standard_error": mean.standard_error,
                    "ci_low": mean.ci_low,
                    "ci_high": mean.ci_high,
                    "ci_method": "Student's t over chains",
                    "infinite_width": getattr(infinite, quantity),
                }
            )
        )
    return pd.concat(rows)


def _line(name: str, of: pd.DataFrame, activation: str, rng: np.random.Generator) -> dict[str, object]:
    """The edge of chaos or the ridge of one width and bias variance."""
    quantity, locate = LINES[name]
    first = of.iloc[0]
    sb2 = float(first["bias_variance"])
    expected = float(edge_of_chaos(sb2, activation)[0]) if name == "edge" else ridge(sb2, activation).weight_variance
    near = of[(of["quantity"] == quantity) & (np.abs(of["weight_variance"] - expected) <= NEAR)]
    x, values, errors = (near[column].to_numpy() for column in ("weight_variance", "value", "standard_error"))

    def infinite(sw2: np.ndarray) -> np.ndarray:
        return getattr(steady_state(sw2, sb2, activation), quantity)

    found = locate(x, values, errors, infinite, rng)
    return {
        **{column: first[column] for column in ("width", "bias_variance", "log10_bias_variance")},
        "line": name,
        "weight_variance": found.value,
        "ci_low": found.low,
        "ci_high": found.high,
        "ci_method": "parametric bootstrap of the fitted difference",
        "infinite_width": expected,
        "points": len(x),
    }


if "snakemake" in globals():
    run(main, snakemake)
