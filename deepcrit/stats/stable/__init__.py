"""Stable laws: the symmetric ones, their fits to values or grouped values, and the positive ones of cavity theory."""

from deepcrit.stats.stable.checks import SMALLEST_ALPHA, StableError
from deepcrit.stats.stable.comparison import RivalComparison, compare
from deepcrit.stats.stable.fits import StableFit, fit
from deepcrit.stats.stable.goodness import StableGoodnessOfFit, goodness_of_fit
from deepcrit.stats.stable.grouping import GroupedValues, group
from deepcrit.stats.stable.histograms import histograms_beside_laws
from deepcrit.stats.stable.laws import density, distribution, log_density, quantile, survival, upper_quantile
from deepcrit.stats.stable.positive import log_positive_density
from deepcrit.stats.stable.quantile_estimate import QuantileEstimate, quantile_estimate
from deepcrit.stats.stable.rivals import RIVALS
from deepcrit.stats.stable.sampling import sample, sample_exactly, sample_positive

__all__ = [
    "RIVALS",
    "SMALLEST_ALPHA",
    "GroupedValues",
    "QuantileEstimate",
    "RivalComparison",
    "StableError",
    "StableFit",
    "StableGoodnessOfFit",
    "compare",
    "density",
    "distribution",
    "fit",
    "goodness_of_fit",
    "group",
    "histograms_beside_laws",
    "log_density",
    "log_positive_density",
    "quantile",
    "quantile_estimate",
    "sample",
    "sample_exactly",
    "sample_positive",
    "survival",
    "upper_quantile",
]
