"""How the notions rank the networks of the population, against each other and against training."""

from __future__ import annotations

from functools import cache
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
    REPEATS,
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
        notions: schema ``agreement_notions``, of which means over repetitions are taken.
        history: schema ``agreement_history``.
        edges: of :func:`edge_distances`.
        goal: accuracy on the images of an epoch.
    """
    last = history.groupby("point", sort=False).last()
    reached = history[history["running_accuracy"] >= goal].groupby("point", sort=False)["epoch"].min()
    table = manifest.merge(edges.drop(columns=["alpha", "gain", "bias"]), on="cell", validate="many_to_one")
    together = notions.assign(critical_factor=np.log(notions["critical_factor"])).groupby("point", sort=False).mean()
    together["critical_factor"] = np.exp(together["critical_factor"])
    table = table.merge(together.drop(columns="repeat").reset_index(), on="point", validate="one_to_one")
    lost = table["point"].map(last["diverged"]).astype(bool)
    epochs = table["point"].map(reached).astype(float).fillna(np.inf)
    table = with_criticalities(table).assign(
        test_accuracy=table["point"].map(last["test_accuracy"]).where(~lost, 0.0),
        epochs_to_goal=epochs,
        speed=1 / epochs,
        diverged=lost,
    )
    return table[[column.name for column in AGREEMENT_NETWORKS.columns]]


def with_criticalities(measured: pd.DataFrame) -> pd.DataFrame:
    """What was measured with the columns :data:`CRITICALITIES` besides, each large where its paper sees criticality.

    Args:
        measured: columns of ``agreement_notions``, and ``alpha``.
    """
    lines = {alpha: _line_average(alpha) for alpha in measured["alpha"].unique()}
    return measured.assign(
        widom_closeness=-np.abs(np.log(measured["critical_factor"])),
        lyapunov_closeness=-np.abs(measured["lyapunov_exponent"]),
        jacobian_excess=measured["radius"] - 2 - measured["alpha"].map(lines),
        multifractality=-measured["dimension"],
    )


@cache
def _line_average(alpha: float) -> float:
    """J_f of f(r) = r - 2 on the ordered line, q* = 0.01, in the limit of large width."""
    return float(Spectrum(alpha, ordered_gain(alpha)).shifted_averages([1])[0])


def agreement_correlations(
    networks: pd.DataFrame, notions: pd.DataFrame, rng: np.random.Generator, replicates: int, agreeing: float
) -> pd.DataFrame:
    """Rank correlations of all pairs of measures and of training with each, schema ``agreement_correlations``.

    Each measure is held against itself, repeated with other images, too. At fixed distance from the edge of chaos,
    what is controlled for are the distance |growth|, the side, and the distance on the chaotic side, so that ordered
    and chaotic networks each have a line of their own.

    Args:
        networks: schema ``agreement_networks``.
        notions: schema ``agreement_notions``, of the same networks.
        rng: for bootstrap and null.
        replicates: of both.
        agreeing: rank correlation that the whole interval has to exceed for two measures to agree.
    """
    nested = NestedNetworks(networks["cell"], rng, replicates)
    growth = networks["growth"].to_numpy()
    edge = np.stack([np.abs(growth), growth > 0, np.maximum(growth, 0.0)])
    settings = networks[["point", "alpha"]]
    halves = [with_criticalities(settings.merge(notions[notions["repeat"] == repeat])) for repeat in REPEATS]
    repeated = {(key, key): (halves[0][key], halves[1][key]) for key in CRITICALITIES}
    pairs = [*combinations(CRITICALITIES, 2), *((of, against) for of in TRAINED for against in CRITICALITIES)]
    counts = {"networks": len(networks), "cells": networks["cell"].nunique()}
    rows: list[dict[str, Any]] = []
    sound: set[tuple[str, str]] = set()
    for (of, against), sides in (repeated | {pair: (networks[pair[0]], networks[pair[1]]) for pair in pairs}).items():
        x, y = (side.to_numpy(float) for side in sides)
        for over, found in _correlated(nested, x, y, edge).items():
            verdict = _verdict(found.ci_low, found.ci_high, agreeing)
            if of == against and verdict == AGREE:
                sound.add((of, over))
            # noise hides agreement, and makes none
            if verdict == DIFFER and not all((key, over) in sound for key in {of, against} & set(CRITICALITIES)):
                verdict = OPEN
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
