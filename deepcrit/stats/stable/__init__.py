"""Stable laws: the symmetric ones, and the positive ones of their cavity theory."""

from deepcrit.stats.stable.checks import SMALLEST_ALPHA, StableError
from deepcrit.stats.stable.laws import density, distribution, log_density, quantile, survival, upper_quantile
from deepcrit.stats.stable.positive import log_positive_density
from deepcrit.stats.stable.sampling import sample, sample_exactly, sample_positive

__all__ = [
    "SMALLEST_ALPHA",
    "StableError",
    "density",
    "distribution",
    "log_density",
    "log_positive_density",
    "quantile",
    "sample",
    "sample_exactly",
    "sample_positive",
    "survival",
    "upper_quantile",
]
