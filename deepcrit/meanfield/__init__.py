"""Signals in infinitely wide random networks: fixed points, susceptibilities, the edge of chaos, correlations.

All is for weights of variance sw2/N and biases of variance sb2, for any activation of :mod:`deepcrit.activations`, and
written so that nothing cancels at the critical point: what is integrated is how far the activation bends away from a
straight line, not the activation itself.
"""

from deepcrit.meanfield.closed_forms import CLOSED_FORMS
from deepcrit.meanfield.correlations import correlation_map, correlation_slope, decay_rate, stable_correlation
from deepcrit.meanfield.exponents import PowerFit, fit_power
from deepcrit.meanfield.lines import Ridge, edge_of_chaos, ridge, ridge_end
from deepcrit.meanfield.moments import Moments, moments
from deepcrit.meanfield.steady_state import SteadyState, steady_state

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
