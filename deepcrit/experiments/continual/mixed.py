"""The mixed models of Table S7, over the configurations of the criticality loss."""

from __future__ import annotations

import pandas as pd

from deepcrit.experiments.continual.schemas import CONTINUAL_EFFECTS, CONTINUAL_FITS, CRITICALITY
from deepcrit.stats.mixedmodels import effect_correlations, effect_rows, fit_row
from deepcrit.stats.mixedmodels.readings import LYAPUNOV_PREDICTORS, fit_readings
from deepcrit.stats.schemas import SETTING

TASKS, MEANS = "single tasks", "means over tasks"
# dL_lambda/de as for the criticality loss on MNIST: strength of the adjustments first, and their direction
TASK_DERIVATIVES = {"magnitude": "penalty_change", "signed": "penalty_drift"}


def fit_mixed_models(tasks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fit to every task of the first stream, as published, and to means over the tasks of every stream.

    With lambda_0, as in the table, and |lambda_0|, and with the magnitude and the signed value of dL_lambda/de.

    Tasks of one network share its weights, so that taking them for independent makes errors too small. The means of
    one configuration over the tasks of a stream are independent between streams; what all configurations of a stream
    have in common, its tasks, is taken out of them before.

    Tasks without an exponent or a change of its penalty are no observations. A network with such a task, which has
    diverged or is dead, has no mean either: that of its other tasks would count it as accurate.

    Args:
        tasks: rows of schema ``continual_tasks`` of one data set and protocol.

    Returns:
        Schemas ``continual_fits`` and ``continual_effects``, without the models that cannot be fitted to the networks
        that are left.
    """
    rows = tasks[tasks["method"] == CRITICALITY]
    rows = rows.assign(
        accuracy=100.0 * rows["accuracy"],
        known=rows[["lyapunov_exponent", "penalty_change"]].notna().all(axis=1) & ~rows["diverged"],
    )
    network = ["stream", *SETTING]
    lasting = rows[rows.groupby(network)["known"].transform("all")]
    single = rows[rows["known"] & (rows["stream"] == rows["stream"].iloc[0])]
    samples = {TASKS: (single, lambda of: of), MEANS: (lasting, _means)}
    head = {column: tasks[column].iloc[0] for column in ("sample", "data", "protocol")}
    named = {f"{head['data']}, {kind}": sample for kind, sample in samples.items()}
    fits, effects = [], []
    for name, found in fit_readings(named, "lyapunov_exponent", TASK_DERIVATIVES):
        of, _ = named[name]
        fit = found.checked.fit
        labels = head | {"rows": name.removeprefix(f"{head['data']}, ")} | found.labels
        labels |= {"networks": of[network].drop_duplicates().shape[0], "tasks": len(of)}
        fits.append(labels | fit_row(found.checked) | {"correlation": effect_correlations(fit)[1, 2]})
        effects += [labels | row for row in effect_rows(fit, LYAPUNOV_PREDICTORS)]
    return (
        pd.DataFrame(fits, columns=[column.name for column in CONTINUAL_FITS.columns]),
        pd.DataFrame(effects, columns=[column.name for column in CONTINUAL_EFFECTS.columns]),
    )


def _means(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over the tasks of every network, less what the networks of a stream have in common."""
    columns = ["accuracy", *LYAPUNOV_PREDICTORS]
    means = rows.groupby(["stream", *SETTING], sort=False)[columns].mean().reset_index()
    means[columns] -= means.groupby("stream")[columns].transform("mean") - means[columns].mean()
    return means
