"""What the paper says of its mixed models together: ranges, the best one, and what structure alone explains."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from deepcrit.experiments.zoo.accuracy_models import BRANCHING, LYAPUNOV, PREDICTORS_BY_MODEL, STRUCTURE
from deepcrit.experiments.zoo.schemas import JUDGED

_ENDS = {"least": "min", "greatest": "max"}
_KINDS = {"structure": set(STRUCTURE), "dynamics": {LYAPUNOV, BRANCHING}}


def summarise(models: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Numbers of several mixed models, those only that rest on all models they are about, in every reading.

    Args:
        models: schema ``mixed_models``.
        effects: schema ``mixed_effects``.

    Returns:
        Schema ``mixed_summary``; low and high are the least and greatest value over the readings.
    """
    rows = []
    restricted, effects = (frame[frame["estimator"] == "REML"] for frame in (models, effects))
    by_reading = dict(list(restricted.groupby("reading", sort=False)))
    effects_by = dict(list(effects.groupby("reading", sort=False)))
    full = models[models["estimator"] == "ML"]
    full_by = dict(list(full.groupby("reading", sort=False)))
    found = {
        reading: {
            quantity: (value, fitted, what)
            for quantity, value, fitted, what in _numbers(of, full_by[reading], effects_by[reading])
        }
        for reading, of in by_reading.items()
    }
    for quantity, (value, fitted, what) in found[JUDGED].items():
        over = [numbers[quantity][0] for numbers in found.values() if quantity in numbers]
        if len(over) == len(found):
            rows.append((quantity, value, min(over), max(over), fitted, what))
    return pd.DataFrame(rows, columns=["quantity", "value", "low", "high", "fitted", "what"])


def _numbers(models: pd.DataFrame, full: pd.DataFrame, effects: pd.DataFrame) -> Iterator[tuple[str, float, int, str]]:
    """Of one reading: name, value, mixed models that entered, and definition."""
    yield "fitted", len(models), len(models), "mixed models that could be fitted"
    for kind, predictors in _KINDS.items():
        numbers = {number for number, names in PREDICTORS_BY_MODEL.items() if set(names) <= predictors}
        of = models[models["number"].isin(numbers)]
        if len(of) == len(numbers):
            for end, how in _ENDS.items():
                what = f"{end} marginal R2 of the models of {kind} alone"
                yield f"{end}_marginal_r2_of_{kind}", float(of["marginal_r2"].agg(how)), len(of), what
    # neither ranges nor criteria compare models of different classifiers
    if len(models) < len(PREDICTORS_BY_MODEL) or len(set(models["models"])) > 1:
        return
    for column in ("marginal_r2", "conditional_r2", "group_variance"):
        for end, how in _ENDS.items():
            what = f"{end} {column.replace('_', ' ')} of all models"
            yield f"{end}_{column}", float(models[column].agg(how)), len(models), what
    for kind, predictors in _KINDS.items():
        of = effects[effects["effect"].isin(predictors)]
        for end, how in _ENDS.items():
            what = f"{end} coefficient of {kind} in all models"
            yield f"{end}_coefficient_of_{kind}", float(of["estimate"].agg(how)), len(models), what
    for criterion in ("aicc", "bic"):
        for estimator, of in (("reml", models), ("ml", full)):
            best = float(of["number"].to_numpy()[of[criterion].argmin()])
            yield f"best_{criterion}_{estimator}", best, len(of), f"number of the model of least {criterion}"
    size = models["number"].map(lambda number: len(PREDICTORS_BY_MODEL[number]))
    step = models.loc[size == 3, "marginal_r2"].min() - models.loc[size < 3, "marginal_r2"].max()
    yield "three_over_fewer", float(step), len(models), "least marginal R2 of three predictors less greatest of fewer"
