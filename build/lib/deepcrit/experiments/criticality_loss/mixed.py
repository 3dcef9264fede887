"""The mixed models of Table S6, over the settings of the scan, and intervals of what they come to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.schema import Schema
from deepcrit.experiments.criticality_loss.schemas import CRITICALITY_EFFECTS, CRITICALITY_MIXED, PENALTY_DERIVATIVES
from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.mixedmodels import effect_correlations, effect_rows, fit_row, nakagawa_r2, residual_quartiles
from deepcrit.stats.mixedmodels.fit import MixedFit, fit_random_intercept
from deepcrit.stats.mixedmodels.readings import LYAPUNOV_PREDICTORS, fit_readings
from deepcrit.stats.schemas import CRITERION_COLUMNS


def fit_settings(scanned: pd.DataFrame, replicates: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit every reading.

    Args:
        scanned: schema ``criticality_outcomes``, of the scan.
        replicates: responses drawn from each fit, which is fitted to them again, for intervals of what has no
            closed-form error (a parametric bootstrap, lme4's bootMer).
        rng: for these.

    Returns:
        Schema ``criticality_effects`` for every reading, and schema ``criticality_mixed`` for those of the first
        reading of the derivative, both without the protocol, and without readings that cannot be fitted to the networks
        that are left.
    """
    sound = scanned[~scanned["diverged"]]
    effects, numbers = [], []
    for _, found in fit_readings({"settings": (sound, lambda rows: rows)}, "exponent", PENALTY_DERIVATIVES):
        reading = {"exponent": found.exponent, "derivative": found.derivative, "networks": len(sound)}
        whole = fit_row(found.checked)
        checked = {column.name: whole[column.name] for column in CRITERION_COLUMNS}
        effects += [{**reading, **checked, **row} for row in effect_rows(found.checked.fit, LYAPUNOV_PREDICTORS)]
        if found.derivative == next(iter(PENALTY_DERIVATIVES)):
            numbers += [{**reading, **row} for row in _numbers(found.checked.fit, replicates, rng)]
    return _table(effects, CRITICALITY_EFFECTS), _table(numbers, CRITICALITY_MIXED)


def _table(rows: list[dict[str, Any]], schema: Schema) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[column.name for column in schema.columns if column.name != "protocol"])


def _numbers(fit: MixedFit, replicates: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    refitted = pd.DataFrame([_summary(_simulated(fit, rng)) for _ in range(replicates)])
    rows = []
    for name, value in _summary(fit).items():
        low, high = percentile_interval(refitted[name])
        rows.append(
            {"quantity": name, "value": value, "ci_low": low, "ci_high": high, "ci_method": "parametric bootstrap"}
        )
    return rows


def _simulated(fit: MixedFit, rng: np.random.Generator) -> MixedFit:
    """The model fitted to responses that were drawn from it, by the profile, which takes a tenth of the time."""
    of = fit.columns
    between = rng.normal(0.0, np.sqrt(fit.group_variance), of.sizes.size)
    within = rng.normal(0.0, np.sqrt(fit.residual_variance), of.groups.size)
    response = of.design @ fit.slopes + between[of.groups] + within
    return fit_random_intercept(response, of.design[:, 1:], of.groups, fit.restricted)


def _summary(fit: MixedFit) -> dict[str, float]:
    r2 = nakagawa_r2(fit)
    return {
        "observations": float(fit.columns.groups.size),
        "settings": float(fit.columns.sizes.size),
        "criterion": fit.criterion,
        "setting_variance": fit.group_variance,
        "residual_variance": fit.residual_variance,
        "correlation_of_effects": float(effect_correlations(fit)[1, 2]),
        "marginal_r2": r2.marginal,
        "conditional_r2": r2.conditional,
        **residual_quartiles(fit),
    }
