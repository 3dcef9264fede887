"""Closed forms that ghavasieh2025 prints for tanh, beside what they approximate."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from deepcrit.core.arrays import Floats
from deepcrit.physics.meanfield.bending import bending
from deepcrit.physics.meanfield.steady_state import steady_state


class ClosedForm(NamedTuple):
    """``printed`` and ``exact`` are functions of ``distance``, the variable that is small."""

    distance: str
    printed: Callable[[Floats], Floats]
    exact: Callable[[Floats], Floats]


def _branch(excess: Floats) -> Floats:
    return steady_state(1.0 + excess, 0.0, "tanh").q


def _weight_susceptibility(excess: Floats) -> Floats:
    return steady_state(1.0 + excess, 0.0, "tanh").weight_susceptibility


def _field_response(field: Floats) -> Floats:
    return steady_state(1.0, field, "tanh").q / np.sqrt(field)


def _quartic(x: Floats) -> Floats:
    """(tanh(x)^2 - x^2) / x^4, which tends to the coefficient of x^4."""
    square, _, _ = bending("tanh").deficits(x)
    return -square / x**2


# Methods of ghavasieh2025; field_response is q/sqrt(sb2) at sw2 = 1
CLOSED_FORMS: dict[str, ClosedForm] = {
    "variance": ClosedForm("sw2 - 1", lambda d: 0.5 * (1.0 - 1.0 / (1.0 + d)), _branch),
    "weight_susceptibility": ClosedForm(
        "sw2 - 1", lambda d: (1.0 + d) ** -1.5 / (2.0 * np.sqrt(2.0 * d)), _weight_susceptibility
    ),
    "field_response": ClosedForm("sb2", lambda d: np.full_like(d, 0.5), _field_response),
    "quartic_coefficient": ClosedForm("x", lambda d: np.full_like(d, -2.0 / 3.0), _quartic),
}
