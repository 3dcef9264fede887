"""Mixed models of accuracy: accuracy ~ dL_lambda/de + lambda_0 + (1 | configuration), as in Table S7 of vock2025."""

from __future__ import annotations

import itertools
import logging

import pandas as pd

from deepcrit.experiments.continual.schemas import CONTINUAL_EFFECTS, CONTINUAL_FITS, CRITICALITY
from deepcrit.stats.mixedmodels import (
    MixedModelError,
    correlations,
    effect_rows,
    fit_random_intercept,
    residual_quartiles,
)

logger = logging.getLogger(__name__)

TASKS, MEANS = "single tasks", "means over tasks"
SIGNED, ABSOLUTE = "lambda_0", "|lambda_0|"
# dL_lambda/de as for the criticality loss on MNIST: strength of the adjustments first, and their direction
DERIVATIVES = {"magnitude": "penalty_change", "signed": "penalty_drift"}
_PREDICTORS = ["derivative", "exponent"]


def fit_mixed_models(tasks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit to every task of the first stream, as published, and to means over the tasks of every stream; with lambda_0,
    as in the table, and |lambda_0|, and with the magnitude and the signed value of dL_lambda/de.

    Tasks of one network share its weights, so that taking them for independent makes errors too small. The means of
    one configuration over the tasks of a stream are independent between streams; what all configurations of a stream
    have in common, its tasks, is taken out of them before. Predictors are z scores.

    Tasks without an exponent or a change of its penalty are no observations. A network with such a task, which has
    diverged or is dead, has no mean either: that of its other tasks would count it as accurate.

    Args:
        tasks: rows of schema ``continual_tasks`` of one data set and protocol.

    Returns:
        Schemas ``continual_fits`` and ``continual_effects``, without the models for which too few networks are left.
    """
    rows = tasks[tasks["method"] == CRITICALITY]
    rows = rows.assign(
        configuration=rows["target"].astype(str) + "/" + rows["strength"].astype(str),
        accuracy=100.0 * rows["accuracy"],
        known=rows[["lyapunov_exponent", "penalty_change"]].notna().all(axis=1) & ~rows["diverged"],
    )
    network = ["stream", "configuration"]
    lasting = rows[rows.groupby(network)["known"].transform("all")]
    single = rows[rows["known"] & (rows["stream"] == rows["stream"].iloc[0])]
    fits, effects = [], []
    for exponent, derivative in itertools.product((SIGNED, ABSOLUTE), DERIVATIVES):
        for kind, of in ((TASKS, single), (MEANS, lasting)):
            entered = {"networks": of[network].drop_duplicates().shape[0], "tasks": len(of)}
            observed = _with_predictors(of, exponent, derivative)
            if kind == MEANS:
                observed = _means(observed)
            head = {column: tasks[column].iloc[0] for column in ("sample", "data", "protocol")}
            head |= {"rows": kind, "exponent": exponent, "derivative": derivative, "observations": len(observed)}
            try:
                fit, found = _fitted(observed)
            except MixedModelError as error:
                logger.warning(
                    "%s: no mixed model of %s, %s and %s: %s", head["data"], kind, exponent, derivative, error
                )
                continue
            fits.append(head | entered | fit)
            effects += [head | entered | effect for effect in found]
    return (
        pd.DataFrame(fits, columns=[column.name for column in CONTINUAL_FITS.columns]),
        pd.DataFrame(effects, columns=[column.name for column in CONTINUAL_EFFECTS.columns]),
    )


def _with_predictors(rows: pd.DataFrame, exponent: str, derivative: str) -> pd.DataFrame:
    values = rows["lyapunov_exponent"].abs() if exponent == ABSOLUTE else rows["lyapunov_exponent"]
    return rows.assign(exponent=values, derivative=rows[DERIVATIVES[derivative]])


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over the tasks of every network, less what the networks of a stream have in common."""
    columns = ["accuracy", *_PREDICTORS]
    means = rows.groupby(["stream", "configuration"], sort=False)[columns].mean().reset_index()
    means[columns] -= means.groupby("stream")[columns].transform("mean") - means[columns].mean()
    return means


def _fitted(rows: pd.DataFrame) -> tuple[dict[str, object], list[dict[str, object]]]:
    """One mixed model: its row, and those of its coefficients.

    Raises:
        MixedModelError: if it cannot be fitted to these rows.
    """
    if rows.empty:
        raise MixedModelError("found no rows, expected those of at least five configurations")
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
