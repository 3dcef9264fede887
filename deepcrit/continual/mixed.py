"""Mixed models of accuracy: accuracy ~ dL_lambda/de + lambda_0 + (1 | configuration), as in Table S7 of vock2025."""

from __future__ import annotations

import itertools

import pandas as pd

from deepcrit.mixedmodels import correlations, effect_rows, fit_random_intercept, residual_quartiles
from deepcrit.schemas.continual import CRITICALITY

TASKS, MEANS = "single tasks", "means over tasks"
SIGNED, ABSOLUTE = "lambda_0", "|lambda_0|"
# dL_lambda/de as for the criticality loss on MNIST: strength of the adjustments first, and their direction
DERIVATIVES = {"magnitude": "penalty_change", "signed": "penalty_drift"}
_PREDICTORS = ["derivative", "exponent"]


def fit_mixed_models(tasks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit to every task, as published, and to means over tasks; with lambda_0, as in the table, and |lambda_0|,
    and with the magnitude and the signed value of dL_lambda/de.

    Tasks of one network share its weights, so that taking them for independent makes errors too small. The means of
    one configuration over the tasks of a stream are independent between streams; what all configurations of a stream
    have in common, its tasks, is taken out of them before. Predictors are z scores.

    Args:
        tasks: rows of schema ``continual_tasks`` of one data set and protocol; those without an exponent or a change
            of its penalty are left out.

    Returns:
        Schemas ``continual_fits`` and ``continual_effects``.

    Raises:
        MixedModelError: if fewer than five configurations are left.
    """
    rows = tasks[tasks["method"] == CRITICALITY].dropna(subset=["lyapunov_exponent", "penalty_change"])
    rows = rows.assign(
        configuration=rows["target"].astype(str) + "/" + rows["strength"].astype(str), accuracy=100.0 * rows["accuracy"]
    )
    fits, effects = [], []
    for exponent, derivative in itertools.product((SIGNED, ABSOLUTE), DERIVATIVES):
        values = rows["lyapunov_exponent"].abs() if exponent == ABSOLUTE else rows["lyapunov_exponent"]
        single = rows.assign(exponent=values, derivative=rows[DERIVATIVES[derivative]])
        means = single.groupby(["stream", "configuration"], sort=False)[["accuracy", *_PREDICTORS]].mean().reset_index()
        columns = ["accuracy", *_PREDICTORS]
        means[columns] -= means.groupby("stream")[columns].transform("mean") - means[columns].mean()
        for kind, of in ((TASKS, single), (MEANS, means)):
            if len(of) <= of["configuration"].nunique():
                continue
            head = {column: tasks[column].iloc[0] for column in ("sample", "data", "protocol")}
            head |= {"rows": kind, "exponent": exponent, "derivative": derivative, "observations": len(of)}
            fit, found = _fitted(of)
            fits.append(head | fit)
            effects += [head | effect for effect in found]
    return pd.DataFrame(fits), pd.DataFrame(effects)


def _fitted(rows: pd.DataFrame) -> tuple[dict[str, object], list[dict[str, object]]]:
    """One mixed model: its row, and those of its coefficients."""
    x = rows[_PREDICTORS]
    fit = fit_random_intercept(rows["accuracy"], (x - x.mean()) / x.std(), rows["configuration"])
    summary = {
        "groups": fit.intercepts.size,
        "boundary": fit.boundary,
        "criterion": fit.criterion,
        "group_variance": fit.group_variance,
        "residual_variance": fit.residual_variance,
        "correlation": correlations(fit)[1, 2],
        **residual_quartiles(fit),
    }
    return summary, effect_rows(fit, _PREDICTORS)
