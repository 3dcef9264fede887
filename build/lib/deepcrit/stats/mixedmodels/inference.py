"""Tests of fixed effects with Satterthwaite's degrees of freedom, as lmerTest prints them.

Standard errors are roots of the diagonal of (X' V^-1 X)^-1 at the estimated variances. statsmodels instead inverts the
observed information of coefficients and variances together; the terms between the two vanish on average and not in a
sample, which is why its standard errors are some percent off lme4's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from deepcrit.core.arrays import Floats
from deepcrit.stats.intervals import student_interval
from deepcrit.stats.mixedmodels.fit import MixedFit


class Coefficients(NamedTuple):
    """Fixed effects, intercept first; every array has shape (p,), and both ends are those of the 95% interval."""

    estimates: Floats
    standard_errors: Floats
    degrees_of_freedom: Floats
    t_values: Floats
    p_values: Floats
    ci_low: Floats
    ci_high: Floats


def coefficients(fit: MixedFit) -> Coefficients:
    """Estimates, standard errors, Satterthwaite's degrees of freedom, t values and two-sided p values.

    The degrees of freedom of one coefficient with variance v are 2 v^2 / (g' A g), where g is the gradient of v in the
    two variances and A the inverse of half the Hessian of -2 log (restricted) likelihood in them (Kuznetsova,
    Brockhoff and Christensen 2017, J. Stat. Softw. 82, Section 2). On the boundary, where there is no such Hessian,
    they are those of ordinary least squares.
    """
    directions, lengths = _directions(fit)
    errors = fit.columns.unit * lengths * np.sqrt(np.diag(directions @ fit.unit_covariance @ directions.T))
    n, p = fit.columns.design.shape
    degrees_of_freedom = np.full(p, float(n - p)) if fit.boundary else _satterthwaite(fit)
    found = student_interval(fit.coefficients, errors, degrees_of_freedom)
    t_values = fit.coefficients / errors
    p_values = 2.0 * student.sf(np.abs(t_values), degrees_of_freedom)
    return Coefficients(found.value, errors, degrees_of_freedom, t_values, p_values, found.ci_low, found.ci_high)


def effect_correlations(fit: MixedFit) -> Floats:
    """Correlations between the estimates of fixed effects, shape (p, p)."""
    directions, _ = _directions(fit)
    covariance = directions @ fit.unit_covariance @ directions.T
    errors = np.sqrt(np.diag(covariance))
    return covariance / np.outer(errors, errors)


def _directions(fit: MixedFit) -> tuple[Floats, Floats]:
    """Coefficients as combinations of those of the scaled predictors, and the lengths that these were divided by.

    The square of what belongs to a predictor in very small or large units may be no number.
    """
    lengths = np.abs(fit.columns.back).max(axis=1)
    return fit.columns.back / lengths[:, None], lengths


def _satterthwaite(fit: MixedFit) -> Floats:
    """Degrees of freedom of every coefficient, shape (p,), from sums over groups: no matrix of n x n is formed.

    They have no unit, and are those of the scaled columns, whose combinations the coefficients are.
    """
    x, c, groups, sizes = fit.columns.design, fit.unit_covariance, fit.columns.groups, fit.columns.sizes
    residual_variance, group_variance = fit.unit_variance, fit.ratio**2 * fit.unit_variance
    total = residual_variance + sizes * group_variance

    def summed(u: Floats) -> Floats:
        """Z Z' u: sums over the group of every row."""
        sums = np.zeros((sizes.size, u.shape[1]))
        np.add.at(sums, groups, u)
        return sums[groups]

    def weighted(u: Floats) -> Floats:
        """V^-1 u, by the inverse of a block of equal covariances."""
        return (u - summed(u) * (group_variance / total)[groups, None]) / residual_variance

    def unchanged(u: Floats) -> Floats:
        return u

    parts = (summed, unchanged)  # derivatives of V in the variance of groups and in that of residuals
    f = weighted(x)
    left = weighted(fit.unit_residuals[:, None])
    # traces of V^-1 A V^-1 B from the eigenvalues of the blocks
    both = (sizes**2 / total**2).sum()
    one = (sizes / total**2).sum()
    none = ((sizes - 1.0) / residual_variance**2 + 1.0 / total**2).sum()
    traces = np.array([[both, one], [one, none]])
    hessian = np.empty((2, 2))
    for i, first in enumerate(parts):
        for j, second in enumerate(parts):
            u, v = first(left), second(left)
            projected = weighted(v) - f @ (c @ (f.T @ v))
            trace = traces[i, j]
            # the profiled likelihood sees V itself in its determinant, the restricted one what is left after projection
            if fit.restricted:
                crossed = c @ (first(f).T @ weighted(second(f)))
                trace += np.trace(c @ (f.T @ first(f)) @ c @ (f.T @ second(f))) - 2.0 * np.trace(crossed)
            hessian[i, j] = 2.0 * (u.T @ projected).item() - trace
    to, _ = _directions(fit)
    gradients = np.array([np.diag(to @ c @ (f.T @ part(f)) @ c @ to.T) for part in parts])
    variances = np.linalg.inv(hessian / 2.0)
    return 2.0 * np.diag(to @ c @ to.T) ** 2 / np.einsum("ip,ij,jp->p", gradients, variances, gradients)
