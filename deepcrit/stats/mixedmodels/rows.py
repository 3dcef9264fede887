"""A fitted mixed model as tables have it: its fixed effects, and how its residuals are spread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from deepcrit.stats.mixedmodels.fit import MixedFit
from deepcrit.stats.mixedmodels.inference import coefficients
from deepcrit.stats.schemas import QUARTILES


def effect_rows(fit: MixedFit, predictors: Iterable[str]) -> list[dict[str, Any]]:
    """Every fixed effect, the intercept first, with its test and its 95% interval.

    Args:
        fit: of p coefficients.
        predictors: names of all but the intercept, p - 1 in the order of the design.

    Returns:
        p rows of the columns ``ESTIMATE_COLUMNS`` and ``TEST_COLUMNS`` of :mod:`deepcrit.stats.schemas`;
        estimate, standard error and interval have the unit of the response.

    Raises:
        ValueError: if there are not p - 1 names.
    """
    found = coefficients(fit)
    return [
        {
            "effect": name,
            "estimate": estimate,
            "standard_error": error,
            "freedom": freedom,
            "t_value": t_value,
            "p_value": p_value,
            "ci_low": low,
            "ci_high": high,
            "ci_method": "t with Satterthwaite's degrees of freedom",
        }
        for name, estimate, error, freedom, t_value, p_value, low, high in zip(
            ["intercept", *predictors], *found, strict=True
        )
    ]


def residual_quartiles(fit: MixedFit) -> dict[str, float]:
    """Quartiles of the conditional residuals, in residual standard deviations, by ``RESIDUAL_COLUMNS``."""
    return {f"residual_{name}": float(np.quantile(fit.scaled_residuals, q)) for name, q in QUARTILES.items()}
