"""A fitted mixed model as tables have it: its fixed effects, and what it came to as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from deepcrit.stats.mixedmodels.explained import nakagawa_r2
from deepcrit.stats.mixedmodels.fit import MixedFit
from deepcrit.stats.mixedmodels.inference import coefficients
from deepcrit.stats.mixedmodels.peer import CheckedFit
from deepcrit.stats.schemas import QUARTILES


def effect_rows(fit: MixedFit, predictors: Iterable[str]) -> list[dict[str, Any]]:
    """Every fixed effect, the intercept first, with its test and its 95% interval.

    Args:
        fit: of p coefficients.
        predictors: names of all but the intercept, p - 1 in the order of the design.

    Returns:
        p rows of the columns ``ESTIMATE_COLUMNS`` and ``TEST_COLUMNS`` of `deepcrit.stats.schemas`;
        estimate, standard error and interval have the unit of the response.

    Raises:
        ValueError: if there are not p - 1 names.

    Examples:
        >>> import numpy as np
        >>> import pandas as pd
        >>> from deepcrit import effect_rows, fit_mixed_model
        >>> rng = np.random.default_rng(1)
        >>> rows = pd.DataFrame({"family": np.repeat(list("abcdefgh"), 5), "depth": rng.normal(size=40)})
        >>> rows["accuracy"] = 2 * rows["depth"] + np.repeat(rng.normal(size=8), 5) + rng.normal(size=40)
        >>> found = fit_mixed_model(rows, "accuracy", ["depth"], ["family"])
        >>> effect = effect_rows(found.fit, ["depth"])[1]
        >>> effect["effect"], bool(effect["ci_low"] < 2 < effect["ci_high"])
        ('depth', True)
    """
    found = coefficients(fit)
    return [
        {
            "effect": name,
            "estimate": estimate,
            "standard_error": error,
            "degrees_of_freedom": degrees_of_freedom,
            "t_value": t_value,
            "p_value": p_value,
            "ci_low": low,
            "ci_high": high,
            "ci_method": "t with Satterthwaite's degrees of freedom",
        }
        for name, estimate, error, degrees_of_freedom, t_value, p_value, low, high in zip(
            ["intercept", *predictors], *found, strict=True
        )
    ]


def fit_row(checked: CheckedFit) -> dict[str, Any]:
    """What a fit came to as a whole: criteria, variances, R2 and residuals.

    Returns:
        ``groups``, ``boundary``, variances, R2, and ``CRITERION_COLUMNS`` and ``RESIDUAL_COLUMNS`` of
        `deepcrit.stats.schemas`; variances in the unit of the response squared.
    """
    fit, r2 = checked.fit, nakagawa_r2(checked.fit)
    return {
        "groups": fit.columns.sizes.size,
        "boundary": fit.boundary,
        "fitted_by": checked.fitted_by,
        "criterion": fit.criterion,
        "peer_criterion": checked.peer_criterion,
        "peer_agrees": checked.peer_agrees,
        "group_variance": fit.group_variance,
        "residual_variance": fit.residual_variance,
        "marginal_r2": r2.marginal,
        "conditional_r2": r2.conditional,
        **residual_quartiles(fit),
    }


def residual_quartiles(fit: MixedFit) -> dict[str, float]:
    """Quartiles of the conditional residuals, in residual standard deviations, by ``RESIDUAL_COLUMNS``."""
    return {f"residual_{name}": float(np.quantile(fit.scaled_residuals, q)) for name, q in QUARTILES.items()}
