"""Linear mixed models with one random intercept, as lme4 fits and lmerTest tests them."""

from deepcrit.stats.mixedmodels.columns import MixedModelError
from deepcrit.stats.mixedmodels.explained import information_criteria, nakagawa_r2
from deepcrit.stats.mixedmodels.fit import MixedFit, fit_random_intercept
from deepcrit.stats.mixedmodels.inference import coefficients, effect_correlations
from deepcrit.stats.mixedmodels.peer import CheckedFit, fit_mixed_model
from deepcrit.stats.mixedmodels.rows import effect_rows, fit_row, residual_quartiles

__all__ = [
    "CheckedFit",
    "MixedFit",
    "MixedModelError",
    "coefficients",
    "effect_correlations",
    "effect_rows",
    "fit_mixed_model",
    "fit_random_intercept",
    "fit_row",
    "information_criteria",
    "nakagawa_r2",
    "residual_quartiles",
]
