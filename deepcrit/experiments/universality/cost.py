"""What the exact law of avalanches costs."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, START, Cost

_POINT = 0.7  # seconds of a width and offset, its radial moments and narrow systems, and of a published width
_NEURON = 3.2e-3  # seconds by the root of a width: of systems that grow with it
_DRAWN = 0.08  # seconds of an experiment that is drawn, extrapolated for two observables and two readings


def _settle_universality(plan: Any, wildcards: Any) -> Cost:
    """One job: banded systems as large as the root of the width, at each width and offset."""
    section = plan.config["universality"]
    roots = sum(width**0.5 for width in section["widths"])
    points = len(section["widths"]) + 2 * len(plan.gaussian_avalanches.widths)
    seconds = (
        _POINT * points + _NEURON * roots * (2 + len(section["relative_offsets"])) + _DRAWN * section["replicates"]
    )
    memory = LIBRARIES + 1e-4 * max(section["widths"]) * max(section["multiples"]) ** 1.5
    return Cost(START + seconds, memory, key="universality.widths")


COSTS = {"settle_universality": _settle_universality}
