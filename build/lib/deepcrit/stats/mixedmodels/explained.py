"""How much of the variance a mixed model explains, and what its parameters cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from deepcrit.stats.mixedmodels.columns import MixedModelError
from deepcrit.stats.mixedmodels.fit import MixedFit


class R2(NamedTuple):
    """Share of variance of the fixed effects (marginal), and of fixed and random effects (conditional)."""

    marginal: float
    conditional: float


class Criteria(NamedTuple):
    """Akaike's criterion, the same corrected for small samples, and the Bayesian one; smaller is better."""

    aic: float
    aicc: float
    bic: float


def nakagawa_r2(fit: MixedFit) -> R2:
    """Shares of variance of a random intercept (Nakagawa and Schielzeth 2013, Methods Ecol. Evol. 4, Eq. 26 and 30)."""
    # the intercept varies over no row
    fixed = float(np.var(fit.columns.design[:, 1:] @ fit.slopes[1:], ddof=1))
    total = fixed + fit.group_variance + fit.residual_variance
    return R2(fixed / total, (fixed + fit.group_variance) / total)


def information_criteria(fit: MixedFit) -> Criteria:
    """The criteria as lme4 and MuMIn define them: two variances count as parameters, and rows as observations.

    Of restricted fits they are comparable only between models of the same fixed effects.

    Raises:
        MixedModelError: for too few rows for the criterion of small samples.
    """
    n, p = fit.columns.design.shape
    k = p + 2
    if n <= k + 1:
        raise MixedModelError(f"found {n} rows, expected more than {k + 1} for a criterion of {k} parameters")
    aic = fit.criterion + 2 * k
    return Criteria(aic, aic + 2 * k * (k + 1) / (n - k - 1), fit.criterion + k * float(np.log(n)))
