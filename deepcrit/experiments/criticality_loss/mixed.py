"""The mixed model of Table S6: accuracy ~ dL_lambda/de + lambda_0 + (1 | setting), z scores."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.schema import Schema
from deepcrit.experiments.criticality_loss.comparisons import SETTING
from deepcrit.experiments.criticality_loss.outcomes import CONFIDENCE
from deepcrit.experiments.criticality_loss.schemas import CRITICALITY_EFFECTS, CRITICALITY_MIXED, DERIVATIVES
from deepcrit.stats.mixedmodels import (
    MixedFit,
    MixedModelError,
    correlations,
    effect_rows,
    fit_random_intercept,
    nakagawa_r2,
    residual_quartiles,
)

logger = logging.getLogger(__name__)

SIGNED, MAGNITUDE = "lambda_0", "|lambda_0|"
# the table has lambda_0, the text its magnitude
EXPONENTS = {SIGNED: lambda exponent: exponent, MAGNITUDE: abs}


def fit_settings(scanned: pd.DataFrame, replicates: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit every reading.

    Args:
        scanned: schema ``criticality_outcomes``, of the scan.
        replicates: responses drawn from each fit, which is fitted to them again, for intervals of what has no
            closed-form error (a parametric bootstrap, lme4's bootMer).
        rng: for these.

    Returns:
        Schema ``criticality_effects`` for every reading, and schema ``criticality_mixed`` for those of the first
        reading of the derivative, both without the protocol, and without readings for which too few networks are left.
    """
    sound = scanned[~scanned["diverged"]]
    groups = sound[SETTING].astype(str).agg("/".join, axis=1)
    effects, numbers = [], []
    for exponent, transform in EXPONENTS.items():
        for derivative, column in DERIVATIVES.items():
            x = pd.DataFrame({"derivative": sound[column], "exponent": transform(sound["exponent"])})
            try:
                fit = _fitted(sound["accuracy"], x, groups)
            except MixedModelError as error:
                logger.warning("no mixed model of %s and %s: %s", exponent, derivative, error)
                continue
            reading = {"exponent": exponent, "derivative": derivative, "networks": len(sound)}
            effects += [{**reading, **row} for row in effect_rows(fit, x.columns)]
            if derivative == next(iter(DERIVATIVES)):
                numbers += [{**reading, **row} for row in _numbers(fit, replicates, rng)]
    return _table(effects, CRITICALITY_EFFECTS), _table(numbers, CRITICALITY_MIXED)


def _fitted(response: pd.Series, predictors: pd.DataFrame, groups: pd.Series) -> MixedFit:
    if response.empty:
        raise MixedModelError("found no networks, expected those of at least five settings")
    return fit_random_intercept(response, (predictors - predictors.mean()) / predictors.std(), groups)


def _table(rows: list[dict[str, Any]], schema: Schema) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[column.name for column in schema.columns if column.name != "protocol"])


def _numbers(fit: MixedFit, replicates: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    refitted = pd.DataFrame([_summary(_simulated(fit, rng)) for _ in range(replicates)])
    low, high = (refitted.quantile(q) for q in (0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2))
    return [
        {
            "quantity": name,
            "value": value,
            "ci_low": low[name],
            "ci_high": high[name],
            "ci_method": "parametric bootstrap",
        }
        for name, value in _summary(fit).items()
    ]


def _simulated(fit: MixedFit, rng: np.random.Generator) -> MixedFit:
    """The model fitted to responses that were drawn from it."""
    between = rng.normal(0.0, np.sqrt(fit.group_variance), fit.intercepts.size)
    within = rng.normal(0.0, np.sqrt(fit.residual_variance), fit.response.size)
    response = fit.design @ fit.coefficients + between[fit.groups] + within
    return fit_random_intercept(response, fit.design[:, 1:], fit.groups, fit.restricted)


def _summary(fit: MixedFit) -> dict[str, float]:
    r2 = nakagawa_r2(fit)
    return {
        "observations": float(fit.response.size),
        "settings": float(fit.intercepts.size),
        "criterion": fit.criterion,
        "setting_variance": fit.group_variance,
        "residual_variance": fit.residual_variance,
        "correlation_of_effects": float(correlations(fit)[1, 2]),
        "marginal_r2": r2.marginal,
        "conditional_r2": r2.conditional,
        **residual_quartiles(fit),
    }
