"""Signals in infinitely wide random networks: fixed points, susceptibilities, the edge of chaos, correlations.

All is for weights of variance sw2/N and biases of variance sb2, for any activation of
:mod:`deepcrit.physics.activations`, and written so that nothing cancels at the critical point: what is integrated is
how far the activation bends away from a straight line, not the activation itself.
"""

from deepcrit.physics.meanfield.closed_forms import CLOSED_FORMS
from deepcrit.physics.meanfield.correlations import (
    correlation_map,
    correlation_slope,
    decay_rate,
    stable_correlation,
)
from deepcrit.physics.meanfield.exponents import PowerFit, fit_power
from deepcrit.physics.meanfield.lines import Ridge, edge_of_chaos, ridge, ridge_end
from deepcrit.physics.meanfield.moments import Moments, moments
from deepcrit.physics.meanfield.steady_state import SteadyState, steady_state

__all__ = [
    "CLOSED_FORMS",
    "Moments",
    "PowerFit",
    "Ridge",
    "SteadyState",
    "correlation_map",
    "correlation_slope",
    "decay_rate",
    "edge_of_chaos",
    "fit_power",
    "moments",
    "ridge",
    "ridge_end",
    "stable_correlation",
    "steady_state",
]
