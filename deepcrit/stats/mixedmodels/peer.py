"""Mixed models by statsmodels, held against the least criterion that the profile of the likelihood has.

Near the boundary, where groups hardly differ, the optimisers of statsmodels that follow gradients stop short or fail;
Powell's, which needs none, hardly does. How near the least criterion it came says more than whether it reports
convergence.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import pandas as pd
import statsmodels.formula.api as formula_api

from deepcrit.stats.mixedmodels.columns import Columns, MixedModelError, columns_of, scaled
from deepcrit.stats.mixedmodels.fit import MixedFit, fit_at, fit_columns

CRITERION_AGREEMENT = 1e-6  # of two least values of -2 log likelihood
STATSMODELS, PROFILE = "statsmodels", "profile"
# by default it stops where variances are known to four digits
_OPTIMISER = {"method": "powell", "xtol": 1e-8, "ftol": 1e-12}


class CheckedFit(NamedTuple):
    """The fit that stands, and how it was checked.

    Attributes:
        fit: that of statsmodels, or the profile fit where statsmodels fails or stops above its criterion.
        fitted_by: which of the two.
        peer_criterion: criterion of the other; NaN where statsmodels failed.
        peer_agrees: whether the two criteria agree.
    """

    fit: MixedFit
    fitted_by: str
    peer_criterion: float
    peer_agrees: bool


def fit_mixed_model(
    rows: pd.DataFrame, response: str, predictors: Sequence[str], group: Sequence[str], restricted: bool = True
) -> CheckedFit:
    """Fit response ~ predictors + (1 | group), predictors as z scores over the rows.

    Args:
        rows: one row an observation.
        response: column of numbers.
        predictors: columns of numbers.
        group: columns that together name the group.
        restricted: restricted maximum likelihood (REML), otherwise maximum likelihood.

    Raises:
        MixedModelError: for no rows, and as `deepcrit.stats.mixedmodels.fit.fit_random_intercept`.

    Examples:
        Forty networks of eight families, whose accuracy rises with depth:

        >>> import numpy as np
        >>> import pandas as pd
        >>> from deepcrit import fit_mixed_model
        >>> rng = np.random.default_rng(1)
        >>> rows = pd.DataFrame({"family": np.repeat(list("abcdefgh"), 5), "depth": rng.normal(size=40)})
        >>> rows["accuracy"] = 2 * rows["depth"] + np.repeat(rng.normal(size=8), 5) + rng.normal(size=40)
        >>> found = fit_mixed_model(rows, "accuracy", ["depth"], ["family"])
        >>> found.fitted_by, found.peer_agrees
        ('statsmodels', True)
    """
    if rows.empty:
        raise MixedModelError("found no rows, expected those of at least five groups")
    x = rows[list(predictors)].to_numpy(np.float64)
    if not np.isfinite(x).all():
        raise MixedModelError("found values that are not finite, expected finite predictors")
    scores = [scaled(name, x[:, place]).scores for place, name in enumerate(predictors)]
    labels = reduce(lambda first, second: first + "/" + second, (rows[name].astype(str) for name in group))
    labels = labels.where(rows[list(group)].notna().all(axis=1))
    columns = columns_of(rows[response], np.column_stack([*scores, np.empty((len(rows), 0))]), labels)
    profile = fit_columns(columns, restricted)
    theirs = _by_statsmodels(columns, predictors, restricted)
    if theirs is None:
        return CheckedFit(profile, PROFILE, np.nan, False)
    agree = abs(theirs.criterion - profile.criterion) <= CRITERION_AGREEMENT
    if agree or theirs.criterion < profile.criterion:
        return CheckedFit(theirs, STATSMODELS, profile.criterion, agree)
    return CheckedFit(profile, PROFILE, theirs.criterion, agree)


def _by_statsmodels(columns: Columns, names: Sequence[str], restricted: bool) -> MixedFit | None:
    """The fit at the variances that statsmodels finds, where its coefficients are those of the profile."""
    frame = pd.DataFrame(columns.design[:, 1:], columns=list(names)).assign(residual_=columns.residual)
    formula = "residual_ ~ " + " + ".join(["1", *(f'Q("{name}")' for name in names)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = formula_api.mixedlm(formula, frame, groups=columns.groups)
            found = model.fit(reml=restricted, **_OPTIMISER)
            between, within, criterion = found.cov_re.iloc[0, 0], found.scale, -2.0 * found.llf
        except (np.linalg.LinAlgError, ValueError):
            return None
    if not (np.isfinite([between, within, criterion]).all() and between >= 0 and within > 0):
        return None
    fit = fit_at(columns, float(np.sqrt(between / within)), restricted)
    return fit._replace(criterion=float(criterion) + columns.units_of_criterion(restricted))
