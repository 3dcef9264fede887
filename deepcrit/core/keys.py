"""Some keys of the configuration, which is all that rules may pass on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def select_keys(section: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """These keys of a section, in this order."""
    return {key: section[key] for key in keys}


def grid_points(grid: Mapping[str, float]) -> int:
    """Points of a regular grid of the configuration, both ends included."""
    return round((grid["stop"] - grid["start"]) / grid["step"]) + 1
