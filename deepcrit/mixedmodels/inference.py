"""Tests of fixed effects with Satterthwaite's degrees of freedom, as lmerTest prints them.

Standard errors are roots of the diagonal of (X' V^-1 X)^-1 at the estimated variances. statsmodels instead inverts the
observed information of coefficients and variances together; the terms between the two vanish on average and not in a
sample, which is why its standard errors are some percent off lme4's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

from deepcrit.mixedmodels.fit import Floats, MixedFit


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
    """Degrees of freedom of every coefficient, shape (p,)."""
    x, c = fit.design, fit.covariance
    same = (fit.groups[:, None] == fit.groups[None, :]).astype(float)
    n = x.shape[0]
    inverse = np.linalg.inv(fit.group_variance * same + fit.residual_variance * np.eye(n))
    projected = inverse - inverse @ x @ c @ x.T @ inverse
    parts = (same, np.eye(n))  # derivatives of V in the variance of groups and in that of residuals
    # the profiled likelihood sees V itself in its determinant, the restricted one what is left after projection
    seen = projected if fit.restricted else inverse
    hessian = np.empty((2, 2))
    for i, first in enumerate(parts):
        for j, second in enumerate(parts):
            curved = fit.response @ projected @ first @ projected @ second @ projected @ fit.response
            hessian[i, j] = 2.0 * curved - np.trace(seen @ first @ seen @ second)
    gradients = np.array([np.diag(c @ x.T @ inverse @ part @ inverse @ x @ c) for part in parts])
    variances = np.linalg.inv(hessian / 2.0)
    return 2.0 * np.diag(c) ** 2 / np.einsum("ip,ij,jp->p", gradients, variances, gradients)
