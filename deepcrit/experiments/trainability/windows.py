"""Where in the plane of weight and bias variance networks train: grids, outcomes and windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from deepcrit.core.grids import regular_grid
from deepcrit.core.seeds import seed_key
from deepcrit.stats.intervals import CONFIDENCE


def grid_of_points(
    sample: str,
    widths: Sequence[int],
    depth: int,
    weight_variances: Mapping[str, float],
    log_bias_variances: Sequence[float],
    root_seed: int,
    networks: int = 1,
) -> pd.DataFrame:
    """One row a network, schema ``training_manifest``: every width, no bias and every bias variance, every sw2.

    The networks of a point stand together. The first has the name of the point, and is the same however many there are.
    """
    biases = [-np.inf, *sorted(log_bias_variances)]
    rows = []
    for width in widths:
        for bias, log10 in enumerate(biases):
            for place, sw2 in enumerate(regular_grid(**weight_variances)):
                point = f"{sample}/N{width}/b{bias}/w{place}"
                rows += [
                    {
                        "point": f"{point}/n{network}" if network else point,
                        "seed_key": seed_key(root_seed, "trainability", point, network),
                        "width": width,
                        "depth": depth,
                        "weight_variance": sw2,
                        "bias_variance": 0.0 if np.isinf(log10) else 10.0**log10,
                        "log10_bias_variance": log10,
                    }
                    for network in range(networks)
                ]
    return pd.DataFrame(rows)


def training_outcomes(
    manifest: pd.DataFrame, history: pd.DataFrame, sample: str, training: Mapping[str, Any]
) -> pd.DataFrame:
    """The last epoch of every network, schema ``outcomes``.

    Args:
        manifest: schema ``training_manifest``.
        history: schema ``training_history``, of the same networks.
        sample: name of the training.
        training: its ``images``, ``epochs`` and ``goal``.

    Raises:
        ValueError: naming the first network without a history.
    """
    last = history.sort_values("epoch").groupby("point").tail(1).set_index("point")
    missing = manifest.loc[~manifest["point"].isin(last.index), "point"]
    if len(missing):
        raise ValueError(f"history: found none of {missing.iloc[0]}, expected one row an epoch of every network")
    found = last.loc[manifest["point"]].reset_index()
    goal = np.nan if training["goal"] is None else training["goal"]
    return manifest.drop(columns="seed_key").assign(
        sample=sample,
        images=training["images"],
        most_epochs=training["epochs"],
        goal=goal,
        epochs=found["epoch"].to_numpy(),
        reached=(found["train_accuracy"] >= goal).to_numpy(),
        **{
            name: found[name].to_numpy() for name in ("diverged", "running_accuracy", "train_accuracy", "test_accuracy")
        },
    )


def spread_evenly(rows: pd.DataFrame, wanted: int) -> pd.DataFrame:
    """At most ``wanted`` of the rows, spread evenly over them, neither the first nor the last preferred."""
    if len(rows) <= wanted:
        return rows
    places = (np.arange(wanted) + 0.5) * len(rows) / wanted
    return rows.iloc[places.astype(int)]


def windows_of(
    outcomes: pd.DataFrame, step: float, trained_accuracy: float, protocol: str, conditions: str
) -> pd.DataFrame:
    """Which weight variances train, for every width and bias variance of one sample, schema ``windows``.

    Args:
        outcomes: of one sample, one row a point of the grid, as of schema ``outcomes`` or :func:`.points.point_means`.
        step: between weight variances.
        trained_accuracy: training accuracy from which a point counts as trained, where there is no goal.
        protocol: what the training counts as.
        conditions: how they were trained, in words.
    """
    largest = outcomes["bias_variance"].max()
    widths = sorted(outcomes["width"].unique())
    rows = []
    for (width, bias), line in outcomes.groupby(["width", "bias_variance"], sort=False):
        ordered = line.sort_values("weight_variance")
        sw2 = ordered["weight_variance"].to_numpy()
        with_goal = ordered["goal"].notna().all()
        trained = (ordered["reached"] if with_goal else ordered["train_accuracy"] >= trained_accuracy).to_numpy()
        inside = sw2[trained]
        rows.append(
            {
                "sample": ordered["sample"].iloc[0],
                "width": width,
                "depth": ordered["depth"].iloc[0],
                "bias_variance": bias,
                "log10_bias_variance": ordered["log10_bias_variance"].iloc[0],
                "place": widths.index(width),
                "points": len(sw2),
                "step": step,
                "trained": int(trained.sum()),
                "best_accuracy": ordered["train_accuracy"].max(),
                "best_test_accuracy": ordered["test_accuracy"].max(),
                "fewest_epochs": ordered.loc[ordered["reached"], "epochs"].min() if with_goal else np.nan,
                "first": inside.min() if inside.size else np.nan,
                "last": inside.max() if inside.size else np.nan,
                "centre": inside.mean() if inside.size else np.nan,
                "extent": trained.sum() * step,
                "open_below": bool(trained[0]),
                "open_above": bool(trained[-1]),
                "largest_bias": bool(bias == largest),
                "protocol": protocol,
                "conditions": conditions,
            }
        )
    return pd.DataFrame(rows)


def retest_of(outcomes: pd.DataFrame, low_accuracy: float) -> pd.DataFrame:
    """How many of the networks that were trained once more stayed low, one row, schema ``retests``.

    Args:
        outcomes: of the retests, schema ``outcomes``.
        low_accuracy: training accuracy below which a network stayed low.
    """
    low = int((outcomes["train_accuracy"] < low_accuracy).sum())
    retested = len(outcomes)
    share, interval = np.nan, (np.nan, np.nan)
    if retested:
        share = low / retested
        interval = tuple(binomtest(low, retested).proportion_ci(CONFIDENCE, method="exact"))
    row = {
        "depth": outcomes["depth"].max() if retested else 0,
        "epochs": outcomes["most_epochs"].max() if retested else 0,
        "low_accuracy": low_accuracy,
        "retested": retested,
        "stayed_low": low,
        "reached": int(outcomes["reached"].sum()),
        "fraction": share,
        "ci_low": interval[0],
        "ci_high": interval[1],
        "ci_method": "Clopper and Pearson",
    }
    return pd.DataFrame([row])
