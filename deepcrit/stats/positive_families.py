"""Which of three distributions of positive values a sample resembles most: by its tail."""

from __future__ import annotations

import numpy as np
from scipy.stats import fisk, weibull_min

from deepcrit.core.arrays import Floats

_FEWEST = 50  # values to which distributions are fitted


def positive_family(values: Floats) -> str:
    """Lognormal, or one of a heavier tail, or one of a lighter.

    The heavier one is log-logistic, whose tail is a power law; the lighter one the Weibull distribution, a stretched
    exponential. All have two parameters, so that likelihoods decide.

    Args:
        values: shape (n,); those that are not positive are left out.

    Returns:
        ``lognormal``, ``heavier`` or ``lighter``; empty for too few values, or such as are all alike.
    """
    positive = values[values > 0]
    if positive.size < _FEWEST or np.ptp(np.log(positive)) == 0.0:
        return ""
    logs = np.log(positive)
    entropy = np.log(logs.std()) + 0.5 * np.log(2.0 * np.pi * np.e)
    likelihoods = {"lognormal": float(-positive.size * entropy - logs.sum())}
    for name, law in (("heavier", fisk), ("lighter", weibull_min)):
        shape, _, scale = law.fit(positive, floc=0.0)
        likelihoods[name] = float(law.logpdf(positive, shape, 0.0, scale).sum())
    return max(likelihoods, key=lambda name: likelihoods[name])
