"""The fifteen mixed models of vock2025: accuracy against every choice of four predictors, by architecture."""

from __future__ import annotations

import logging
from typing import Any

import pandas as pd

from deepcrit.experiments.zoo.measured_models import EXPONENT_DISTANCE
from deepcrit.experiments.zoo.schemas import JUDGED
from deepcrit.stats.mixedmodels import (
    CheckedFit,
    MixedFit,
    MixedModelError,
    effect_correlations,
    effect_rows,
    fit_mixed_model,
    fit_row,
    information_criteria,
)

logger = logging.getLogger(__name__)

LYAPUNOV, BRANCHING, PARAMETERS, MODULES = "lyapunov_exponent", "branching_distance", "parameters", "modules"
STRUCTURE = (PARAMETERS, MODULES)
# by their numbers in Fig. 2d and Table S5
PREDICTORS_BY_MODEL: dict[int, tuple[str, ...]] = {
    1: (LYAPUNOV,),
    2: (BRANCHING,),
    3: (LYAPUNOV, BRANCHING),
    4: (PARAMETERS,),
    5: (LYAPUNOV, PARAMETERS),
    6: (MODULES,),
    7: (BRANCHING, PARAMETERS),
    8: (LYAPUNOV, MODULES),
    9: (LYAPUNOV, BRANCHING, PARAMETERS),
    10: (BRANCHING, MODULES),
    11: (LYAPUNOV, BRANCHING, MODULES),
    12: (PARAMETERS, MODULES),
    13: (LYAPUNOV, PARAMETERS, MODULES),
    14: (BRANCHING, PARAMETERS, MODULES),
    15: (LYAPUNOV, BRANCHING, PARAMETERS, MODULES),
}
# what the paper leaves open: which modules count, which architectures are one group of its 21, and whether the exponent
# is lambda_0, as in its tables, or |lambda_0|, as in its text
MODEL_READINGS: dict[str, dict[str, str]] = {
    JUDGED: {MODULES: "modules", "group": "architecture", LYAPUNOV: "lyapunov_exponent"},
    "all modules": {MODULES: "all_modules", "group": "architecture", LYAPUNOV: "lyapunov_exponent"},
    "leaf modules, other groups": {MODULES: "modules", "group": "other_architecture", LYAPUNOV: "lyapunov_exponent"},
    "all modules, other groups": {MODULES: "all_modules", "group": "other_architecture", LYAPUNOV: "lyapunov_exponent"},
    "leaf modules, |lambda_0|": {MODULES: "modules", "group": "architecture", LYAPUNOV: EXPONENT_DISTANCE},
}


class AccuracyFits:
    """Tables of the mixed models of all predictors that are known of enough classifiers.

    Attributes:
        models: schema ``mixed_models``; one row a model, estimator and reading.
        effects: schema ``mixed_effects``; one row a coefficient of these.
        correlations: schema ``mixed_correlations``; one row a pair of coefficients of the judged reading.
    """

    def __init__(self, classifiers: pd.DataFrame, least: int) -> None:
        """Fit.

        Args:
            classifiers: from :func:`deepcrit.experiments.zoo.measured_models.with_dynamics`; rows that lack a
                predictor are left out.
            least: classifiers that a model needs. One that they do not determine all the same, as in too few
                architectures, is left out of its reading with a warning.
        """
        models, effects, pairs = [], [], []
        for number, predictors in PREDICTORS_BY_MODEL.items():
            for reading, chosen in MODEL_READINGS.items():
                rows = _known(classifiers, predictors, chosen)
                if len(rows) < least:
                    continue
                try:
                    fits = {
                        estimator: fit_mixed_model(rows, "accuracy", predictors, ["group"], estimator == "REML")
                        for estimator in ("REML", "ML")
                    }
                    summaries = {estimator: _summary(checked) for estimator, checked in fits.items()}
                except MixedModelError as error:
                    logger.warning("mixed model %d, reading %s: left out: %s", number, reading, error)
                    continue
                for estimator, checked in fits.items():
                    of = {"number": number, "estimator": estimator, "reading": reading, "models": len(rows)}
                    models.append({**of, "predictors": " + ".join(predictors), **summaries[estimator]})
                    effects += [{**of, **row} for row in effect_rows(checked.fit, predictors)]
                    if reading == JUDGED:
                        pairs += [{**of, **row} for row in _pairs(checked.fit, ["intercept", *predictors])]
        self.models = _ordered(pd.DataFrame(models))
        self.effects = _over_readings(pd.DataFrame(effects), ["number", "estimator", "effect"], ["estimate"])
        self.models = _over_readings(
            self.models, ["number", "estimator"], ["marginal_r2", "conditional_r2", "group_variance"]
        )
        self.correlations = pd.DataFrame(pairs)


def _known(classifiers: pd.DataFrame, predictors: tuple[str, ...], reading: dict[str, str]) -> pd.DataFrame:
    """Accuracy, group and predictors of the classifiers of which all are known."""
    rows = classifiers.assign(**{name: classifiers[column] for name, column in reading.items()})
    return rows[["accuracy", "group", *predictors]].dropna()


def _summary(checked: CheckedFit) -> dict[str, Any]:
    return fit_row(checked) | information_criteria(checked.fit)._asdict()


def _pairs(fit: MixedFit, names: list[str]) -> list[dict[str, Any]]:
    matrix = effect_correlations(fit)
    return [
        {"first": names[j], "second": names[i], "correlation": matrix[i, j]}
        for i in range(len(names))
        for j in range(i)
    ]


def _ordered(models: pd.DataFrame) -> pd.DataFrame:
    """With the place of each model by small-sample AIC, best first, among those of its estimator and reading.

    Likelihoods of different classifiers do not compare: models of fewer have places of their own.
    """
    places = models.groupby(["estimator", "reading", "models"])["aicc"].rank(method="first").astype(int)
    return models.assign(place=places)


def _over_readings(frame: pd.DataFrame, by: list[str], columns: list[str]) -> pd.DataFrame:
    """With the least and greatest value that a column takes over the readings."""
    groups = frame.groupby(by)
    low, high = groups[columns].transform("min"), groups[columns].transform("max")
    return frame.join(low.add_suffix("_low")).join(high.add_suffix("_high"))
