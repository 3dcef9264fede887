"""The mixed model of Tables S6 and S7 of vock2025: accuracy ~ dL_lambda/de + lambda_0 + (1 | setting).

Its tables have lambda_0, its text the magnitude, and neither says what dL_lambda/de is: every reading is fitted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from deepcrit.stats.mixedmodels.columns import MixedModelError
from deepcrit.stats.mixedmodels.peer import CheckedFit, fit_mixed_model
from deepcrit.stats.schemas import SETTING

logger = logging.getLogger(__name__)

LAMBDA, MAGNITUDE_OF_LAMBDA = "lambda_0", "|lambda_0|"
LYAPUNOV_PREDICTORS = ("derivative", "exponent")


class FittedReading(NamedTuple):
    """One reading of both predictors, the observations in its terms, and their mixed model."""

    exponent: str
    derivative: str
    observations: pd.DataFrame
    checked: CheckedFit

    @property
    def labels(self) -> dict[str, str | int]:
        """Which reading, and of how many rows."""
        return {"exponent": self.exponent, "derivative": self.derivative, "observations": len(self.observations)}


def fit_readings(
    samples: Mapping[str, tuple[pd.DataFrame, Callable[[pd.DataFrame], pd.DataFrame]]],
    exponent: str,
    derivatives: Mapping[str, str],
) -> Iterator[tuple[str, FittedReading]]:
    """Fit every reading to every sample; what cannot be fitted is left out, and the log says why.

    Args:
        samples: by name, rows with the columns ``accuracy`` (%), ``target``, ``strength`` and those named below; and
            what makes observations of them, once ``exponent`` and ``derivative`` hold both predictors.
        exponent: column of lambda_0.
        derivatives: columns of dL_lambda/de, by name of the reading.

    Yields:
        The name of the sample, and a fitted reading.
    """
    for reading in (LAMBDA, MAGNITUDE_OF_LAMBDA):
        for derivative, column in derivatives.items():
            for name, (rows, observed) in samples.items():
                values = rows[exponent].abs() if reading == MAGNITUDE_OF_LAMBDA else rows[exponent]
                observations = observed(rows.assign(exponent=values, derivative=rows[column]))
                try:
                    checked = fit_mixed_model(observations, "accuracy", LYAPUNOV_PREDICTORS, SETTING)
                except MixedModelError as error:
                    logger.warning("no mixed model of %s, %s and %s: %s", name, reading, derivative, error)
                    continue
                yield name, FittedReading(reading, derivative, observations, checked)
