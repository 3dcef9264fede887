"""What networks of finite width cost beside mean field."""

from __future__ import annotations

from deepcrit.core.cost import Cost

COSTS = {
    "locate_lines": Cost(4.0),
    "simulate_finite_width": Cost(15.0, 325.0),
    "simulate_pairs": Cost(6.0),
}
