"""What fixed points, spectra and phases of networks of stable weights cost."""

from __future__ import annotations

from typing import Any

from deepcrit.core.cost import LIBRARIES, START, Cost
from deepcrit.core.keys import grid_points

_CELL = 0.018  # seconds of a cell of the phase diagram, two families in three readings
_BOUNDARY = 1.7  # seconds of the boundaries of one alpha
_ROW_CUBED = 1.2e-9  # seconds of an eigenvalue problem, by the cube of its rows


def compute_phases(plan: Any, wildcards: Any) -> Cost:
    """Cells of the phase diagram, and the boundaries of every alpha."""
    section = plan.config["levy_mean_field"]
    alphas, gains = grid_points(**section["alphas"]), grid_points(**section["gains"])
    return Cost(START + alphas * (_BOUNDARY + _CELL * gains), LIBRARIES, 0.3, "levy_mean_field.gains")


def measure_eigenvalues(plan: Any, wildcards: Any) -> Cost:
    """Eigenvalues of all matrices."""
    section = plan.config["levy_mean_field"]["spectra"]
    matrices = len(section["alphas"]) * len(section["gains"]) * section["matrices"]
    return Cost(
        2 * START + _ROW_CUBED * matrices * section["width"] ** 3,
        LIBRARIES + 1e-4 * section["width"] ** 2,
        key="levy_mean_field.spectra",
    )


COSTS = {
    "compute_phases": compute_phases,
    "find_levy_landmarks": Cost(6.0),
    "measure_eigenvalues": measure_eigenvalues,
    "measure_pseudolengths": Cost(10.0, 350.0),
}
