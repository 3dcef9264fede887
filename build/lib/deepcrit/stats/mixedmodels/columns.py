"""Response and predictors, checked, and centred and scaled as they are fitted.

Shifts and scales of a column are exact in the model and ruinous in arithmetic: cross-products of y + 1e7 have no digits
left for what varies. Everything is therefore computed from columns of mean 0 and standard deviation 1, and is carried
back at the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deepcrit.core.arrays import Floats

LEAST_GROUPS = 5  # a variance between fewer is hardly estimable
_ROUNDING = 8.0 * np.finfo(float).eps  # of a value; what varies by less is constant


class MixedModelError(ValueError):
    """Data that a mixed model cannot be fitted to."""


class Scaled(NamedTuple):
    """Scores (values - centre) / unit, of mean 0 and SD 1; ``noise`` is the rounding of the values, in units."""

    scores: Floats
    centre: float
    unit: float
    noise: float


class Columns(NamedTuple):
    """What is fitted: response = design @ least_squares + unit residual.

    Attributes:
        residual: what least squares leave of the response, of SD 1, shape (n,). Random intercepts change what is left
            alone, so that a response close to a line has all its digits.
        design: an intercept, then the scaled predictors, shape (n, p).
        groups: numbers from 0, shape (n,).
        sizes: rows of every group.
        unit: SD of what least squares leave, in units of the response.
        least_squares: coefficients of the scaled predictors, in units of the response, shape (p,).
        back: matrix from coefficients of the scaled predictors to those of the predictors as they came, shape (p, p).
    """

    residual: Floats
    design: Floats
    groups: NDArray[np.intp]
    sizes: Floats
    unit: float
    least_squares: Floats
    back: Floats

    def units_of_criterion(self, restricted: bool) -> float:
        """What -2 log (restricted) likelihood of the columns as they came has more than that of the residual."""
        rows, coefficients = self.design.shape
        if not restricted:
            return 2.0 * rows * float(np.log(self.unit))
        determinant = float(np.linalg.slogdet(self.back)[1])
        return 2.0 * (rows - coefficients) * float(np.log(self.unit)) - 2.0 * determinant


def scaled(name: str, values: Floats) -> Scaled:
    """Centre and scale a column.

    Args:
        name: what the values are, for the error.
        values: finite, shape (n,).

    Raises:
        MixedModelError: for values that are equal up to rounding.
    """
    largest = float(np.abs(values).max())
    centre = float(values.mean())
    centred = values - centre
    # the mean itself is rounded
    rest = float(centred.mean())
    centred -= rest
    unit = float(centred.std(ddof=1)) if values.size > 1 else 0.0
    if not unit > _ROUNDING * largest:
        raise MixedModelError(
            f"{name}: found {values[0]:g} in every row, expected values that differ; coefficients are not determined"
        )
    return Scaled(centred / unit, centre + rest, unit, _ROUNDING * largest / unit)


def columns_of(response: ArrayLike, predictors: ArrayLike, groups: ArrayLike) -> Columns:
    """Check and scale what is to be fitted; see :func:`deepcrit.stats.mixedmodels.fit.fit_random_intercept`.

    Raises:
        MixedModelError: saying what was found and what was expected.
    """
    y, x = np.asarray(response, np.float64), np.asarray(predictors, np.float64)
    labels = pd.Series(groups).reset_index(drop=True)
    if y.ndim != 1 or not y.size:
        raise MixedModelError(f"response: found shape {y.shape}, expected (rows,), at least one row")
    if x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2 or len(x) != y.size:
        raise MixedModelError(
            f"predictors: found shape {x.shape}, expected ({y.size}, predictors), a row an observation"
        )
    if len(labels) != y.size:
        raise MixedModelError(f"groups: found {len(labels)} labels, expected {y.size}, one a row")
    if labels.isna().any():
        raise MixedModelError(f"groups: found {labels.isna().sum()} rows without a label, expected one of every row")
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise MixedModelError("found values that are not finite, expected finite response and predictors")
    number, names = pd.factorize(labels, sort=True)
    if len(names) < LEAST_GROUPS:
        raise MixedModelError(
            f"found {len(names)} groups, expected at least {LEAST_GROUPS} for a variance between them"
        )
    if len(names) >= y.size:
        raise MixedModelError(f"found {len(names)} groups of {y.size} rows, expected groups of more than one row")
    of_response = scaled("response", y)
    of_predictors = [scaled(f"predictor {place + 1}", column) for place, column in enumerate(x.T)]
    design = np.column_stack([np.ones(y.size), *(of.scores for of in of_predictors)])
    _require_determined(design, np.array([of.noise for of in of_predictors]))
    back = np.diag([1.0, *(1.0 / of.unit for of in of_predictors)])
    back[0, 1:] = [-of.centre / of.unit for of in of_predictors]
    slopes = np.asarray(np.linalg.lstsq(design, of_response.scores, rcond=None)[0], np.float64)
    left = of_response.scores - design @ slopes
    spread = float(left.std(ddof=1))
    rounding = sum(of.noise * abs(slope) for of, slope in zip(of_predictors, slopes[1:], strict=True))
    if not spread > of_response.noise + rounding:
        raise MixedModelError("found a response that the predictors determine, expected one with residual variance")
    least_squares = of_response.unit * slopes
    least_squares[0] += of_response.centre
    sizes = np.bincount(number).astype(float)
    return Columns(left / spread, design, number, sizes, of_response.unit * spread, least_squares, back)


def _require_determined(design: Floats, noise: Floats) -> None:
    """Coefficients are determined where no combination of columns vanishes within the rounding of what they were."""
    rows, coefficients = design.shape
    singular = np.linalg.svd(design, compute_uv=False) if rows > coefficients else np.zeros(1)
    rounding = rows * np.finfo(float).eps * singular[0] + np.sqrt(rows) * noise.sum()
    if not singular[-1] > rounding:
        raise MixedModelError(
            f"found {rows} rows whose {coefficients} coefficients are not determined, "
            "expected more rows and predictors that do not depend linearly on each other"
        )
