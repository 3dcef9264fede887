"""Linear mixed models with one random intercept, as lme4 fits and lmerTest tests them."""

from deepcrit.stats.mixedmodels.explained import information_criteria, nakagawa_r2
from deepcrit.stats.mixedmodels.fit import MixedFit, MixedModelError, fit_random_intercept
from deepcrit.stats.mixedmodels.inference import coefficients, correlations
from deepcrit.stats.mixedmodels.rows import effect_rows, residual_quartiles

__all__ = [
    "MixedFit",
    "MixedModelError",
    "coefficients",
    "correlations",
    "effect_rows",
    "fit_random_intercept",
    "information_criteria",
    "nakagawa_r2",
    "residual_quartiles",
]
