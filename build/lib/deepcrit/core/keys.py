"""Some keys of the configuration, which is all that rules may pass on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def select_keys(section: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """These keys of a section, in this order."""
    return {key: section[key] for key in keys}


def grid_points(start: float, stop: float, step: float) -> int:
    """Points of a regular grid of the configuration, both ends included.

    Raises:
        ValueError: if steps from start do not meet stop, to a millionth of a step.
    """
    steps = (stop - start) / step
    if abs(steps - round(steps)) > 1e-6:
        before, after = (start + step * count for count in (math.floor(steps), math.ceil(steps)))
        raise ValueError(
            f"found step {step}, expected one that leads from {start} to {stop}: its steps are at {before:.9g} and "
            f"{after:.9g}"
        )
    return round(steps) + 1
