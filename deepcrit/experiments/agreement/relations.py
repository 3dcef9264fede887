"""How the notions rank the networks of the population, against each other and against training."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.agreement.schemas import (
    AGREE,
    AGREEMENT_CORRELATIONS,
    AGREEMENT_NETWORKS,
    AT_DISTANCE,
    CRITICALITIES,
    DIFFER,
    EVERYWHERE,
    IN_CELLS,
    OPEN,
    OPPOSED,
    TRAINED,
)
from deepcrit.physics.heavytails import Spectrum, difference_growth, ordered_gain
from deepcrit.stats.intervals import mean_interval
from deepcrit.stats.nested_ranks import NestedCorrelation, NestedNetworks

_METHOD = "percentile bootstrap over cells"


def edge_distances(cells: pd.DataFrame, width: int, networks: int, layers: int, root_seed: int) -> pd.DataFrame:
    """How fast small differences grow in other networks of every cell: ``growth`` with its interval.

    Args:
        cells: with columns ``cell``, ``alpha``, ``gain`` and ``bias``, a row each.
        width: neurons of a layer.
        networks: how many of each cell.
        layers: of these networks.
        root_seed: of the configuration.
    """
    parts = []
    for _, of in cells.groupby(["alpha", "bias"], sort=False):
        alpha, bias = (float(of[name].iloc[0]) for name in ("alpha", "bias"))
        rng = generator(seed_key(root_seed, "agreement", f"edge/a{alpha:g}/b{bias:g}", 0))
        rates = difference_growth(rng, networks, width, layers, alpha, of["gain"].to_numpy(), bias)
        found = [mean_interval(of_gain) for of_gain in rates.T]
        ends = {"growth": [one.value for one in found], "ci_low": [one.ci_low for one in found],
                "ci_high": [one.ci_high for one in found]}  # fmt: skip
        parts.append(of.assign(**ends, ci_method="Student over networks"))
    return pd.concat(parts)


def population_table(
    manifest: pd.DataFrame, notions: pd.DataFrame, history: pd.DataFrame, edges: pd.DataFrame, goal: float
) -> pd.DataFrame:
    """One row a network, schema ``agreement_networks``.

    Args:
        manifest: schema ``agreement_manifest``.
        notions: schema ``agreement_notions``.
        history: schema ``agreement_history``.
        edges: of :func:`edge_distances`.
        goal: accuracy on the images of an epoch.
    """
    lines = {alpha: _line_average(alpha) for alpha in manifest["alpha"].unique()}
    last = history.groupby("point", sort=False).last()
    reached = history[history["running_accuracy"] >= goal].groupby("point", sort=False)["epoch"].min()
    table = manifest.merge(edges.drop(columns=["alpha", "gain", "bias"]), on="cell", validate="many_to_one")
    table = table.merge(notions, on="point", validate="one_to_one")
    lost = table["point"].map(last["diverged"]).astype(bool)
    epochs = table["point"].map(reached).astype(float).fillna(np.inf)
    table = table.assign(
        widom_closeness=-np.abs(np.log(table["critical_factor"])),
        lyapunov_closeness=-np.abs(table["lyapunov_exponent"]),
        jacobian_excess=table["radius"] - 2 - table["alpha"].map(lines),
        multifractality=-table["dimension"],
        test_accuracy=table["point"].map(last["test_accuracy"]).where(~lost, 0.0),
        epochs_to_goal=epochs,
        speed=1 / epochs,
        diverged=lost,
    )
    return table[[column.name for column in AGREEMENT_NETWORKS.columns]]


def _line_average(alpha: float) -> float:
    """J_f of f(r) = r - 2 on the ordered line, q* = 0.01, in the limit of large width."""
    return float(Spectrum(alpha, ordered_gain(alpha)).shifted_averages([1])[0])


def agreement_correlations(
    networks: pd.DataFrame, rng: np.random.Generator, replicates: int, agreeing: float
) -> pd.DataFrame:
    """Rank correlations of all pairs of measures and of training with each, schema ``agreement_correlations``.

    At fixed distance from the edge of chaos, what is controlled for are the distance |growth|, the side, and the
    distance on the chaotic side, so that ordered and chaotic networks each have a line of their own.

    Args:
        networks: schema ``agreement_networks``.
        rng: for bootstrap and null.
        replicates: of both.
        agreeing: rank correlation that the whole interval has to exceed for two measures to agree.
    """
    nested = NestedNetworks(networks["cell"], rng, replicates)
    growth = networks["growth"].to_numpy()
    edge = np.stack([np.abs(growth), growth > 0, np.maximum(growth, 0.0)])
    pairs = [*combinations(CRITICALITIES, 2), *((of, against) for of in TRAINED for against in CRITICALITIES)]
    counts = {"networks": len(networks), "cells": networks["cell"].nunique()}
    rows: list[dict[str, Any]] = []
    for of, against in pairs:
        x, y = networks[of].to_numpy(float), networks[against].to_numpy(float)
        for over, found in _correlated(nested, x, y, edge).items():
            verdict = _verdict(found.ci_low, found.ci_high, agreeing)
            rows.append({"of": of, "against": against, "over": over, "correlation": found.value, "ci_method": _METHOD,
                         **found._asdict(), **counts, "verdict": verdict})  # fmt: skip
    return pd.DataFrame(rows)[[column.name for column in AGREEMENT_CORRELATIONS.columns]]


def _correlated(nested: NestedNetworks, x: Floats, y: Floats, edge: Floats) -> dict[str, NestedCorrelation]:
    return {
        EVERYWHERE: nested.correlation(x, y),
        AT_DISTANCE: nested.controlled(x, y, edge),
        IN_CELLS: nested.within(x, y),
    }


def _verdict(low: float, high: float, agreeing: float) -> str:
    if low > agreeing:
        return AGREE
    if high < 0:
        return OPPOSED
    return DIFFER if high < agreeing else OPEN
