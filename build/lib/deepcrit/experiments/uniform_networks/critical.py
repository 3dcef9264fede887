"""Critical couplings: where a rate crosses zero, how well it is known, and how it depends on width."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from deepcrit.core.arrays import Floats

WIDTH_EXPONENTS = (-2.0, -0.05)  # between which the exponent of the width is sought


def standard_error(log_path: Floats) -> Floats:
    """Standard error of a mean growth rate, from the steps of all layers of all networks.

    Each layer is drawn on its own, so that steps of a weak signal are independent, and one network of a thousand layers
    says how well its rate is known. The largest singular value of a network fluctuates no more than that.

    Args:
        log_path: ln of a norm after every layer, shape (depth, networks, ...).

    Returns:
        Shape (...): root of the mean variance of the steps over the number of all steps.
    """
    steps = np.diff(log_path, axis=0)
    variance = steps.var(axis=0, ddof=1).mean(axis=0)
    return np.asarray(np.sqrt(variance / (log_path.shape[0] * log_path.shape[1])))


def margin_of(error: float, confidence: float = 0.95) -> float:
    """Half width of a normal interval."""
    return float(norm.ppf(0.5 + confidence / 2)) * error


def first_crossing(couplings: Floats, rates: Floats) -> float:
    """The smallest coupling at which a rate turns positive, interpolated in the logarithm of the coupling.

    In the linear regime rates are straight lines in ln kappa, so that nothing is lost between the points.

    Raises:
        ValueError: if the rate is not negative at the smallest coupling, or nowhere positive.
    """
    above = np.flatnonzero(rates > 0)
    if not above.size or above[0] == 0:
        raise ValueError(f"rates: found {rates}, expected a negative one at the smallest coupling and a positive one")
    k = above[0]
    low, high = np.log(couplings[k - 1 : k + 1])
    return float(np.exp(low - rates[k - 1] * (high - low) / (rates[k] - rates[k - 1])))


class WidthFit(NamedTuple):
    """c0 + c1 N^kappa: parameters in that order, their standard errors, and fitted values."""

    parameters: Floats
    standard_errors: Floats
    fitted: Floats


def fit_width(widths: Floats, couplings: Floats, errors: Floats) -> WidthFit:
    """Unweighted least squares of c0 + c1 N^kappa (vock2025, Fig. 1c).

    c0 and c1 are linear given kappa, which alone is searched for. Standard errors are those of the couplings, carried
    through the fit to first order; how far the points are from the form does not enter.

    Args:
        widths: N, shape (points,), at least four.
        couplings: critical couplings.
        errors: their standard errors, independent between widths.
    """

    def linear(kappa: float) -> tuple[Floats, Floats]:
        design = np.stack([np.ones_like(widths), widths**kappa], axis=1)
        return design, np.asarray(np.linalg.lstsq(design, couplings, rcond=None)[0], dtype=np.float64)

    def squares(kappa: float) -> float:
        design, solution = linear(kappa)
        return float(np.sum((design @ solution - couplings) ** 2))

    kappa = float(minimize_scalar(squares, bounds=WIDTH_EXPONENTS, method="bounded", options={"xatol": 1e-10}).x)
    design, (c0, c1) = linear(kappa)
    slopes = np.column_stack([design, c1 * widths**kappa * np.log(widths)])
    carried = np.linalg.pinv(slopes) * errors
    return WidthFit(np.array([c0, c1, kappa]), np.sqrt(np.sum(carried**2, axis=1)), c0 + c1 * widths**kappa)
