"""A random intercept by restricted or full maximum likelihood, from the profile of its likelihood.

The model is y = X b + Z u + e with one row of Z a group, u ~ N(0, group variance) and e ~ N(0, residual variance). As
in lme4 (Bates, Maechler, Bolker and Walker 2015, J. Stat. Softw. 67, Eq. 34 and 41) coefficients and residual variance
are profiled out, which leaves a criterion of one number, the ratio of the two standard deviations. For one random
intercept it needs only sums over groups, so that the least value is found on a grid and then refined, without starting
values; a least value at zero is a boundary fit, which lme4 calls singular.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from deepcrit.core.arrays import Floats
from deepcrit.stats.mixedmodels.columns import Columns, MixedModelError, columns_of

SINGULAR = 1e-4  # ratio of standard deviations below which lme4, too, calls a fit singular
_RATIOS = np.concatenate([[0.0], np.geomspace(1e-3, 1e3, 121)])


class MixedFit(NamedTuple):
    """A fitted random intercept.

    Attributes:
        columns: what was fitted, in whose unit what is called unit is.
        ratio: of the standard deviation between groups to that within them.
        restricted: whether the restricted likelihood was maximised.
        criterion: -2 log of the restricted likelihood, or of the likelihood, of the response as it came.
        change: of the fixed effects of the scaled predictors from those of least squares, shape (p,).
        unit_covariance: of these, shape (p, p).
        unit_variance: residual variance.
    """

    columns: Columns
    ratio: float
    restricted: bool
    criterion: float
    change: Floats
    unit_covariance: Floats
    unit_variance: float

    @property
    def boundary(self) -> bool:
        """The group variance is zero: the least value lies at the edge of what is allowed."""
        return self.ratio == 0.0

    @property
    def slopes(self) -> Floats:
        """Fixed effects of the scaled predictors, intercept first, shape (p,)."""
        return self.columns.least_squares + self.columns.unit * self.change

    @property
    def coefficients(self) -> Floats:
        """Fixed effects, intercept first, shape (p,)."""
        return self.columns.back @ self.slopes

    @property
    def covariance(self) -> Floats:
        """Of the fixed effects, (X' V^-1 X)^-1, shape (p, p)."""
        return self.columns.unit**2 * self.columns.back @ self.unit_covariance @ self.columns.back.T

    @property
    def residual_variance(self) -> float:
        """Variance within groups."""
        return self.columns.unit**2 * self.unit_variance

    @property
    def group_variance(self) -> float:
        """Variance of the random intercept."""
        return self.ratio**2 * self.residual_variance

    @property
    def unit_residuals(self) -> Floats:
        """What the fixed effects leave of the response, over the unit of the columns, shape (n,)."""
        return self.columns.residual - self.columns.design @ self.change

    @property
    def scaled_residuals(self) -> Floats:
        """Conditional residuals over the residual standard deviation, shape (n,)."""
        left = self.unit_residuals - self._unit_intercepts[self.columns.groups]
        return left / np.sqrt(self.unit_variance)

    @property
    def _unit_intercepts(self) -> Floats:
        weights = self.ratio**2 / (1.0 + self.columns.sizes * self.ratio**2)
        return weights * np.bincount(self.columns.groups, self.unit_residuals)


def fit_random_intercept(
    response: ArrayLike, predictors: ArrayLike, groups: ArrayLike, restricted: bool = True
) -> MixedFit:
    """Fit response ~ 1 + predictors + (1 | groups).

    Args:
        response: shape (n,).
        predictors: shape (n, p - 1), or (n,) for one; an intercept is put before them.
        groups: labels, shape (n,).
        restricted: restricted maximum likelihood (REML), otherwise maximum likelihood.

    Raises:
        MixedModelError: for other shapes, values that are not finite, a response or a predictor that is the same in
            every row, missing labels, under five groups, as many groups as rows, no more rows than coefficients,
            predictors that depend linearly on each other, or a response without variance within groups.
    """
    return fit_columns(columns_of(response, predictors, groups), restricted)


def fit_columns(columns: Columns, restricted: bool) -> MixedFit:
    """The least criterion over all ratios of the two standard deviations.

    Raises:
        MixedModelError: for a response without variance within groups.
    """
    profile = _Profile(columns, restricted)
    values = np.array([profile.at(ratio).criterion for ratio in _RATIOS])
    least = int(np.argmin(values))
    if least == _RATIOS.size - 1:
        raise MixedModelError(
            f"found a variance between groups over {_RATIOS[-1] ** 2:g} times that within them, "
            "expected a response that varies within groups"
        )
    low, high = (float(ratio) ** 2 for ratio in _RATIOS[[max(least - 1, 0), least + 1]])
    inside = profile.slope(low) < 0.0 < profile.slope(high)
    # the root of a slope is known to more digits than the place of a least value
    ratio = brentq(profile.slope, low, high, xtol=1e-16, rtol=1e-14) ** 0.5 if inside else float(_RATIOS[least])
    fit = fit_at(columns, ratio, restricted)
    return profile.at(0.0) if values[0] <= fit.criterion else fit


def fit_at(columns: Columns, ratio: float, restricted: bool) -> MixedFit:
    """The fit of a given ratio of the two standard deviations, which is taken for zero where lme4 calls it singular."""
    return _Profile(columns, restricted).at(ratio if ratio >= SINGULAR else 0.0)


class _Profile:
    """The criterion as a function of the ratio, from sums over groups."""

    def __init__(self, columns: Columns, restricted: bool) -> None:
        self._columns, self._restricted = columns, restricted
        rows = np.column_stack([columns.design, columns.residual])
        self._sums = np.zeros((columns.sizes.size, rows.shape[1]))
        np.add.at(self._sums, columns.groups, rows)
        self._products = rows.T @ rows
        self._units = columns.units_of_criterion(restricted)
        n, p = columns.design.shape
        self._free = n - p if restricted else n

    def at(self, ratio: float) -> MixedFit:
        """Coefficients and residual variance profiled out, where V = residual variance times W^-1."""
        columns, free = self._columns, self._free
        information, inverse, change, squares = self._solved(ratio**2)
        criterion = self._units + np.log1p(columns.sizes * ratio**2).sum()
        criterion += free * (1.0 + np.log(2.0 * np.pi * squares / free))
        if self._restricted:
            criterion += np.linalg.slogdet(information)[1]
        variance = squares / free
        return MixedFit(columns, ratio, self._restricted, float(criterion), change, variance * inverse, variance)

    def slope(self, squared: float) -> float:
        """Derivative of the criterion in the square of the ratio."""
        sizes = self._columns.sizes
        _, inverse, change, squares = self._solved(squared)
        moved = -(self._sums / (1.0 + sizes[:, None] * squared) ** 2).T @ self._sums
        # the sum of squares is at its least in the coefficients, whose change does not enter
        to_residual = np.append(-change, 1.0)
        slope = (sizes / (1.0 + sizes * squared)).sum() + self._free * (to_residual @ moved @ to_residual) / squares
        return float(slope + (np.sum(inverse * moved[:-1, :-1]) if self._restricted else 0.0))

    def _solved(self, squared: float) -> tuple[Floats, Floats, Floats, float]:
        """X' W X, its inverse, coefficients, and the weighted sum of squares that they leave."""
        weights = squared / (1.0 + self._columns.sizes * squared)
        inside = self._products - (self._sums * weights[:, None]).T @ self._sums
        information = inside[:-1, :-1]
        inverse = np.asarray(np.linalg.inv(information), np.float64)
        change = inverse @ inside[:-1, -1]
        return information, inverse, change, float(inside[-1, -1] - inside[:-1, -1] @ change)
