"""Linear mixed models with one random intercept, as lme4 fits and lmerTest tests them."""

from deepcrit.mixedmodels.explained import information_criteria, nakagawa_r2
from deepcrit.mixedmodels.fit import MixedFit, MixedModelError, fit_random_intercept
from deepcrit.mixedmodels.inference import coefficients, correlations

__all__ = [
    "MixedFit",
    "MixedModelError",
    "coefficients",
    "correlations",
    "fit_random_intercept",
    "information_criteria",
    "nakagawa_r2",
]
