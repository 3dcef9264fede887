"""A random intercept by restricted or full maximum likelihood.

The model is y = X b + Z u + e with one row of Z a group, u ~ N(0, group variance) and e ~ N(0, residual variance). As
in lme4 (Bates, Maechler, Bolker and Walker 2015, J. Stat. Softw. 67, Eq. 34 and 41) coefficients and residual variance
are profiled out, which leaves a criterion of one number, the ratio of the two standard deviations. For one random
intercept it needs only sums over groups, so that the least value is found on a grid and then refined, without starting
values; a least value at zero is a boundary fit, which lme4 calls singular.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

LEAST_GROUPS = 5  # a variance between fewer is hardly estimable
SINGULAR = 1e-4  # ratio of standard deviations below which lme4, too, calls a fit singular
_RATIOS = np.concatenate([[0.0], np.geomspace(1e-3, 1e3, 121)])

Floats = NDArray[np.float64]


class MixedModelError(ValueError):
    """Data that a mixed model cannot be fitted to."""


class MixedFit(NamedTuple):
    """A fitted random intercept.

    Attributes:
        coefficients: fixed effects, shape (p,).
        covariance: of the fixed effects, (X' V^-1 X)^-1, shape (p, p).
        group_variance, residual_variance: of the random intercept and of the rest.
        criterion: -2 log of the restricted likelihood, or of the likelihood.
        restricted: which of the two.
        boundary: the group variance is zero: the least value lies at the edge of what is allowed.
        converged: the least value was found inside the range of variance ratios that is searched, or at zero.
        response, design, groups: what was fitted; groups as numbers from 0, shapes (n,), (n, p), (n,).
        intercepts: predicted random intercepts (BLUP), shape (groups,).
    """

    coefficients: Floats
    covariance: Floats
    group_variance: float
    residual_variance: float
    criterion: float
    restricted: bool
    boundary: bool
    converged: bool
    response: Floats
    design: Floats
    groups: NDArray[np.intp]
    intercepts: Floats

    @property
    def scaled_residuals(self) -> Floats:
        """Conditional residuals over the residual standard deviation, shape (n,)."""
        left = self.response - self.design @ self.coefficients - self.intercepts[self.groups]
        return left / np.sqrt(self.residual_variance)


def fit_random_intercept(
    response: ArrayLike, predictors: ArrayLike, groups: ArrayLike, restricted: bool = True
) -> MixedFit:
    """Fit response ~ 1 + predictors + (1 | groups).

    Args:
        response: shape (n,).
        predictors: shape (n, p - 1); an intercept is put before them.
        groups: labels, shape (n,).
        restricted: restricted maximum likelihood (REML), otherwise maximum likelihood.

    Raises:
        MixedModelError: for values that are not finite, under five groups, as many groups as rows, no more rows than
            coefficients, or predictors that depend linearly on each other.
    """
    y = np.asarray(response, float)
    x = np.column_stack([np.ones(y.size), np.asarray(predictors, float).reshape(y.size, -1)])
    labels, number = np.unique(np.asarray(groups), return_inverse=True)
    _require(y, x, labels.size)
    sizes = np.bincount(number).astype(float)
    rows = np.column_stack([x, y])
    sums = np.zeros((labels.size, rows.shape[1]))
    np.add.at(sums, number, rows)
    products = rows.T @ rows

    def solved(ratio: float) -> tuple[float, Floats, Floats, float]:
        """Criterion, coefficients, (X' W X)^-1 and residual variance, where V = residual variance times W^-1."""
        weights = ratio**2 / (1.0 + sizes * ratio**2)
        inside = products - (sums * weights[:, None]).T @ sums
        information = inside[:-1, :-1]
        inverse = np.linalg.inv(information)
        b = inverse @ inside[:-1, -1]
        squares = float(inside[-1, -1] - inside[:-1, -1] @ b)
        freedom = y.size - b.size if restricted else y.size
        criterion = np.log1p(sizes * ratio**2).sum() + freedom * (1.0 + np.log(2.0 * np.pi * squares / freedom))
        if restricted:
            criterion += np.linalg.slogdet(information)[1]
        return float(criterion), b, inverse, squares / freedom

    values = np.array([solved(ratio)[0] for ratio in _RATIOS])
    least = int(np.argmin(values))
    around = _RATIOS[[max(least - 1, 0), min(least + 1, _RATIOS.size - 1)]]
    found = minimize_scalar(
        lambda ratio: solved(ratio)[0], bounds=(float(around[0]), float(around[1])), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    boundary = bool(values[0] <= found.fun or found.x < SINGULAR)
    ratio = 0.0 if boundary else float(found.x)
    criterion, b, inverse, variance = solved(ratio)
    left = np.bincount(number, y - x @ b)
    return MixedFit(
        coefficients=b,
        covariance=variance * inverse,
        group_variance=ratio**2 * variance,
        residual_variance=variance,
        criterion=criterion,
        restricted=restricted,
        boundary=boundary,
        converged=bool(boundary or (found.success and least < _RATIOS.size - 1)),
        response=y,
        design=x,
        groups=number,
        intercepts=left * ratio**2 / (1.0 + sizes * ratio**2),
    )


def _require(y: Floats, x: Floats, groups: int) -> None:
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise MixedModelError("found values that are not finite, expected finite response and predictors")
    if groups < LEAST_GROUPS:
        raise MixedModelError(f"found {groups} groups, expected at least {LEAST_GROUPS} for a variance between them")
    if groups >= y.size:
        raise MixedModelError(f"found {groups} groups of {y.size} rows, expected groups of more than one row")
    if x.shape[0] <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        raise MixedModelError(
            f"found {y.size} rows whose {x.shape[1]} coefficients are not determined, "
            "expected more rows and predictors that do not depend linearly on each other"
        )
