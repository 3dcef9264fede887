"""What came of every network, and their averages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from deepcrit.stats.intervals import mean_interval

KIND = ["initialisation", "loss"]


def run_outcomes(runs: pd.DataFrame, history: pd.DataFrame, averaged: int) -> pd.DataFrame:
    """One row a network, schema ``criticality_outcomes``.

    dL_lambda/de is taken from differences of the mean L_lambda of successive epochs, averaged over epochs: their
    magnitudes, which say how strongly the loss adjusts the network, and as they are, which says that it is fulfilled.

    Args:
        runs: schema ``criticality_runs``.
        history: schema ``criticality_history``, of the same networks.
        averaged: last epochs over which accuracy and exponent are averaged.

    Raises:
        ValueError: naming the first network without a history.
    """
    by_network = dict(list(history.groupby("point")))
    missing = [point for point in runs["point"] if point not in by_network]
    if missing:
        raise ValueError(f"history: found none of {missing[0]}, expected one row an epoch of every network")
    rows = [
        _outcome(by_network[point].sort_values("epoch"), target, strength, averaged)
        for point, target, strength in zip(runs["point"], runs["target"], runs["strength"], strict=True)
    ]
    return runs.drop(columns="seed_key").reset_index(drop=True).join(pd.DataFrame(rows))


def _outcome(epochs: pd.DataFrame, target: float, strength: float, averaged: int) -> dict[str, Any]:
    if epochs["diverged"].any():
        return {"diverged": True}
    last = epochs.tail(averaged)
    changes = np.diff(epochs["penalty"].to_numpy()[1:])
    adjustment = float(np.abs(changes).mean())
    penalty = strength * (target - epochs["exponent"]) ** 2
    loss = (epochs["test_cross_entropy"] + penalty).to_numpy()
    return {
        "diverged": False,
        "accuracy": 100.0 * last["test_accuracy"].mean(),
        "exponent": last["exponent"].mean(),
        "adjustment": adjustment,
        "drift": float(changes.mean()),
        "unweighted_adjustment": adjustment / strength if strength else np.nan,
        "log_loss_ratio": float(np.log(loss[-1] / loss[0])),
    }


def curves(runs: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Means over networks of one kind at every epoch, schema ``criticality_curves``; diverged ones are left out.

    Args:
        runs: schema ``criticality_runs``, those that are averaged.
        history: schema ``criticality_history``.
    """
    epochs = runs.merge(history[~history["diverged"]], on="point").assign(
        accuracy=lambda frame: 100.0 * frame["test_accuracy"]
    )
    grouped = epochs.groupby([*KIND, "epoch"])
    found = grouped.agg(
        networks=("point", "size"),
        exponent=("exponent", "mean"),
        exponent_error=("exponent", "sem"),
        accuracy=("accuracy", "mean"),
        accuracy_error=("accuracy", "sem"),
    )
    return found.reset_index()


def means(outcomes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Means over the networks that did not diverge, with Student's intervals, one row a value of the columns ``by``.

    Returns:
        These columns, ``networks``, and ``accuracy`` and ``exponent`` with ``_low`` and ``_high``.
    """
    rows = []
    for values, alike in outcomes[~outcomes["diverged"]].groupby(by, sort=False):
        row: dict[str, Any] = dict(zip(by, values, strict=True)) | {"networks": len(alike)}
        for name in ("accuracy", "exponent"):
            found = mean_interval(alike[name])
            row |= {name: found.value, f"{name}_low": found.ci_low, f"{name}_high": found.ci_high}
        rows.append(row)
    return pd.DataFrame(rows)
