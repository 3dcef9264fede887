"""What gains and fits of avalanches of stable weights cost; what simulating them does is with the Gaussian ones."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, START, Cost


def initialise_levy_avalanches(plan: Any, wildcards: Any) -> Cost:
    """A weak signal through many layers of one width, at every index."""
    section = plan.config["levy_avalanches"]
    each = 3e-5 + 7e-8 * int(wildcards.width)
    return Cost(
        START + 1.5 + each * section["drift_layers"] * len(section["alphas"]), key="levy_avalanches.drift_layers"
    )


def fit_levy_avalanches(plan: Any, wildcards: Any) -> Cost:
    """Fits of every point on every range."""
    section = plan.config["levy_avalanches"]
    widths, across = len(section["widths"]), len(section["relative_gains"])
    launched = section["blocks"] * (widths * section["launched_drift_free"] + across * section["launched_across"])
    number = len(section["alphas"]) * launched
    points = len(section["alphas"]) * (widths + across)
    return Cost(START + 0.2 * points + 6e-6 * number, LIBRARIES + 1e-4 * number, 0.5, "levy_avalanches.blocks")


COSTS = {"fit_levy_avalanches": fit_levy_avalanches, "initialise_levy_avalanches": initialise_levy_avalanches}
