"""Networks of one width at many couplings: activity, branching, largest singular values, critical couplings."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.uniform_networks.critical import first_crossing, margin_of, standard_error
from deepcrit.experiments.uniform_networks.propagation import Jacobians, propagate_signals
from deepcrit.experiments.uniform_networks.schemas import (
    COUPLING_GAPS,
    COUPLING_SWEEP,
    CRITICAL_COUPLINGS,
    LAYER_ACTIVITY,
)
from deepcrit.experiments.uniform_networks.singular import bidiagonalised_singular_values
from deepcrit.experiments.uniform_networks.spec import UniformSpec, growth_coupling
from deepcrit.physics.lyapunov.exponent import lyapunov_exponent

STEPS = "normal, from the scatter of single layers"


def main(
    sweep: str, couplings: str, gaps: str, activity: str, width: int, networks: int, spec: Mapping[str, Any],
    input_scale: float, relative_couplings: Sequence[float], drawn_couplings: Sequence[float], lanczos_steps: int,
    seed: int,
) -> None:  # fmt: skip
    """The last column is the linear network at the coupling of the closed form; logarithms are averaged."""
    of = UniformSpec(width=width, networks=networks, seed=seed, **spec)
    closed_form = growth_coupling(of)
    relative = np.array([*relative_couplings, 1.0])
    kappa = relative * closed_form
    scales = np.append(np.full(len(relative_couplings), np.log(input_scale)), -np.inf)
    signals = list(propagate_signals(of, kappa, scales))
    log_activity = np.array([signal.log_activity for signal in signals])
    jacobians = Jacobians(of, kappa, [signal.slopes for signal in signals[1:]])
    start = np.repeat(of.draw_inputs()[:, :, np.newaxis], len(kappa), axis=2)
    largest = bidiagonalised_singular_values(jacobians, start, lanczos_steps)

    shape = {"width": width, "networks": networks}
    mean_log = log_activity.mean(axis=1)
    log_branching = mean_log[-1] - mean_log[0]
    branching_margin = of.depth * np.array([margin_of(each) for each in standard_error(log_activity[1:])])
    exponent = lyapunov_exponent(largest.log_value.mean(axis=0), of.depth)
    margin = np.array([margin_of(each) for each in standard_error(largest.log_growth)])
    frame = pd.DataFrame(
        {
            **shape,
            "relative_coupling": relative,
            "coupling": kappa,
            "log10_activity": mean_log[-1] / np.log(10.0),
            "log10_branching": log_branching / np.log(10.0),
            "log10_branching_low": (log_branching - branching_margin) / np.log(10.0),
            "log10_branching_high": (log_branching + branching_margin) / np.log(10.0),
            "branching_distance": np.abs(np.expm1(log_branching)),
            "exponent": exponent,
            "ci_low": exponent - margin,
            # a Lanczos value is a lower bound; what it lacks is taken to be at most what the last step added
            "ci_high": exponent + margin + largest.last_gain.max(axis=0) / of.depth,
            "ci_method": STEPS,
            "last_gain": largest.last_gain.max(axis=0),
            "residual": largest.residual.max(axis=0),
        }
    )
    write_tsv(frame.iloc[:-1], sweep, COUPLING_SWEEP)

    growth = float(largest.log_growth[-1, :, -1].mean()) / of.depth
    found = {
        "largest_singular_value": closed_form * np.exp(-exponent[-1]),
        "vector_growth": closed_form * np.exp(-growth),
        "zero_exponent": first_crossing(kappa[:-1], exponent[:-1]),
        "unit_branching": first_crossing(kappa[:-1], log_branching[:-1]),
        "closed_form": closed_form,
    }
    rows = [
        {
            "definition": definition,
            "coupling": value,
            "ci_low": value * np.exp(-margin[-1]) if definition != "closed_form" else value,
            "ci_high": value * np.exp(margin[-1]) if definition != "closed_form" else value,
            "ci_method": STEPS if definition != "closed_form" else "none, to order 1/N",
            "over_closed_form": value / closed_form - 1.0,
            "step": np.nan,
            "step_low": np.nan,
            "step_high": np.nan,
        }
        for definition, value in found.items()
    ]
    write_tsv(pd.DataFrame({**shape, **row} for row in rows), couplings, CRITICAL_COUPLINGS)

    critical = found["largest_singular_value"]
    # both ends of a difference move together at small widths, and count as independent here
    apart = np.sqrt(2.0) * margin[-1]
    at_critical = np.interp(np.log(critical), np.log(kappa[:-1]), log_branching[:-1])
    differences = [
        ("coincidence", found["unit_branching"] / found["zero_exponent"] - 1.0, apart,
         "coupling of unit branching over that of a vanishing exponent, less one"),
        ("least_distance", found["unit_branching"] / critical - 1.0, apart,
         "coupling at which |1 - sigma| vanishes over the critical one, less one"),
        ("distance_at_critical", abs(np.expm1(at_critical)), np.nan, "|1 - sigma| at the critical coupling"),
    ]  # fmt: skip
    rows = [
        {
            **shape, "quantity": quantity, "value": value, "ci_low": value - half, "ci_high": value + half,
            "ci_method": STEPS if np.isfinite(half) else "none", "what": what,
        }
        for quantity, value, half, what in differences
    ]  # fmt: skip
    write_tsv(pd.DataFrame(rows), gaps, COUPLING_GAPS)

    layers = np.arange(0, of.depth + 1, max(1, of.depth // 200))
    frames = [
        pd.DataFrame(
            {
                **shape,
                "relative_coupling": drawn,
                "coupling": drawn * closed_form,
                "layer": layers,
                "log10_activity": mean_log[layers, list(relative_couplings).index(drawn)] / np.log(10.0),
            }
        )
        for drawn in drawn_couplings
    ]
    write_tsv(pd.concat(frames), activity, LAYER_ACTIVITY)


if "snakemake" in globals():
    run(main, snakemake)
