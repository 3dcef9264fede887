"""What signals along the layers cost."""

from __future__ import annotations

from deepcrit.core.cost import Cost

COSTS = {"scan_inputs": Cost(14.0), "simulate_paths": Cost(5.0)}
