"""Tests of fixed effects with Satterthwaite's degrees of freedom, as lmerTest prints them.

Standard errors are roots of the diagonal of (X' V^-1 X)^-1 at the estimated variances. statsmodels instead inverts the
observed information of coefficients and variances together; the terms between the two vanish on average and not in a
sample, which is why its standard errors are some percent off lme4's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from deepcrit.stats.mixedmodels.fit import Floats, MixedFit


class Coefficients(NamedTuple):
    """Fixed effects, intercept first; every array has shape (p,). ``low`` and ``high`` are the 95% interval."""

    estimates: Floats
    standard_errors: Floats
    freedom: Floats
    t_values: Floats
    p_values: Floats
    low: Floats
    high: Floats


def coefficients(fit: MixedFit) -> Coefficients:
    """Estimates, standard errors, Satterthwaite's degrees of freedom, t values and two-sided p values.

    The degrees of freedom of one coefficient with variance v are 2 v^2 / (g' A g), where g is the gradient of v in the
    two variances and A the inverse of half the Hessian of -2 log (restricted) likelihood in them (Kuznetsova,
    Brockhoff and Christensen 2017, J. Stat. Softw. 82, Section 2). On the boundary, where there is no such Hessian,
    they are those of ordinary least squares.
    """
    errors = np.sqrt(np.diag(fit.covariance))
    n, p = fit.design.shape
    freedom = np.full(p, float(n - p)) if fit.boundary else _satterthwaite(fit)
    t_values = fit.coefficients / errors
    reach = student.ppf(0.975, freedom) * errors
    return Coefficients(
        fit.coefficients, errors, freedom, t_values, 2.0 * student.sf(np.abs(t_values), freedom),
        fit.coefficients - reach, fit.coefficients + reach,
    )  # fmt: skip


def correlations(fit: MixedFit) -> Floats:
    """Correlations between the estimates of fixed effects, shape (p, p)."""
    errors = np.sqrt(np.diag(fit.covariance))
    return fit.covariance / np.outer(errors, errors)


def _satterthwaite(fit: MixedFit) -> Floats:
    """Degrees of freedom of every coefficient, shape (p,), from sums over groups: no matrix of n x n is formed."""
    x, c, groups = fit.design, fit.covariance, fit.groups
    sizes = np.bincount(groups).astype(float)
    total = fit.residual_variance + sizes * fit.group_variance

    def summed(u: Floats) -> Floats:
        """Z Z' u: sums over the group of every row."""
        sums = np.zeros((sizes.size, u.shape[1]))
        np.add.at(sums, groups, u)
        return sums[groups]

    def weighted(u: Floats) -> Floats:
        """V^-1 u, by the inverse of a block of equal covariances."""
        return (u - summed(u) * (fit.group_variance / total)[groups, None]) / fit.residual_variance

    def unchanged(u: Floats) -> Floats:
        return u

    parts = (summed, unchanged)  # derivatives of V in the variance of groups and in that of residuals
    f = weighted(x)
    left = weighted((fit.response - x @ fit.coefficients)[:, None])
    # traces of V^-1 A V^-1 B from the eigenvalues of the blocks
    both = (sizes**2 / total**2).sum()
    one = (sizes / total**2).sum()
    none = ((sizes - 1.0) / fit.residual_variance**2 + 1.0 / total**2).sum()
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
    gradients = np.array([np.diag(c @ (f.T @ part(f)) @ c) for part in parts])
    variances = np.linalg.inv(hessian / 2.0)
    return 2.0 * np.diag(c) ** 2 / np.einsum("ip,ij,jp->p", gradients, variances, gradients)
