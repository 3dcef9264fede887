"""What tails, connections and gradients of many networks have in common, with intervals over networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.weight_statistics.schemas import LEAST_DISTANCE, STATISTICS_SUMMARY
from deepcrit.experiments.weight_statistics.trajectories import larger_than
from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.over_networks import mean_over_networks, share_of_networks

PUBLISHED_ITERATIONS = 200_000
_REPLICATES = 1000


def statistics_summary(
    runs: pd.DataFrame, shapes: pd.DataFrame, statistics: pd.DataFrame, fluxes: pd.DataFrame, fits: pd.DataFrame,
    settings: Mapping[str, Any], seed: int,
) -> pd.DataFrame:  # fmt: skip
    """Means and shares over networks; schema ``statistics_summary``. Tables are those of the schemas of their names."""
    rows: list[dict[str, Any]] = []
    for key in ("followed", "plane"):
        ours = runs[runs["sample"] == settings[key]]
        end = int(ours["iterations"].max())
        training = {"training": "published" if end >= PUBLISHED_ITERATIONS else "shorter"}
        of = statistics[statistics["run"].isin(ours["run"])]
        if key == "followed":
            tails = shapes[shapes["run"].isin(ours["run"])]
            found = [*_tails(tails, end), *_onsets(tails), *_means(of, end), *_strong(of, end, settings["transition"]),
                     _model(tails, fits, settings["redistribution"]["critical"], end)]  # fmt: skip
        else:
            found = [*_converged(ours, of, settings["low_loss"], seed), _barrier(ours, fluxes, settings["low_loss"])]
        rows.extend(row | training for row in found)
    return pd.DataFrame(rows, columns=[column.name for column in STATISTICS_SUMMARY.columns])


def _mean(quantity: str, values: Any) -> dict[str, Any]:
    return {"quantity": quantity} | mean_over_networks(values)


def _share(quantity: str, counted: Any) -> dict[str, Any]:
    return {"quantity": quantity} | share_of_networks(counted)


def _label(iteration: Any, end: int) -> str:
    return "the end" if iteration == end else f"t = {iteration}"


def _tails(shapes: pd.DataFrame, end: int) -> Iterator[dict[str, Any]]:
    """Shares of networks whose tail is heavier than exponential, and whose power law no rival beats."""
    for (quantity, iteration), part in shapes.groupby(["quantity", "iteration"], sort=False):
        known, at = part[part["reason"] == ""], f"{quantity}, {_label(iteration, end)}"
        yield _share(f"heavier than exponential: {at}", known["heavier"])
        yield _share(f"power law not beaten: {at}", known["heavier"] & (known["better"] == ""))
        yield _mean(f"exponent: {at}", known["exponent"])
        yield _mean(f"index of the stable law: {at}", known["stable_index"])


def tail_onset(heavier: pd.Series) -> float:
    """Iteration from which on a tail stays heavy; infinite where it is not heavy at the end.

    Args:
        heavier: whether it is, by iteration, ascending.
    """
    light = np.flatnonzero(~heavier.to_numpy(bool))
    after = int(light[-1]) + 1 if light.size else 0
    return float(heavier.index[after]) if after < len(heavier) else float("inf")


def _onsets(shapes: pd.DataFrame) -> Iterator[dict[str, Any]]:
    onsets = {
        (run, quantity): tail_onset(part.sort_values("iteration").set_index("iteration")["heavier"])
        for (run, quantity), part in shapes[shapes["reason"] == ""].groupby(["run", "quantity"])
    }
    for quantity in ("gradient noise", "gradient products", "Hessian"):
        pairs = [(onsets[run, quantity], at) for (run, of), at in onsets.items()
                 if of == "weights" and (run, quantity) in onsets]  # fmt: skip
        yield _share(f"heavy earlier than weights: {quantity}", [first < second for first, second in pairs])


def _means(statistics: pd.DataFrame, end: int) -> Iterator[dict[str, Any]]:
    for (quantity, iteration), part in statistics.groupby(["quantity", "iteration"], sort=False):
        if quantity != "trained to the end":
            yield _mean(f"{quantity}, {_label(iteration, end)}", part["value"])


def _strong(statistics: pd.DataFrame, end: int, transition: int) -> Iterator[dict[str, Any]]:
    of = statistics[statistics["quantity"] == "share of strong correlations"]
    by = of.pivot_table(index="run", columns="iteration", values="value")
    if {0, transition, end} <= set(by.columns):
        yield _mean("share of strong correlations, transition less end", by[transition] - by[end])
        yield _mean("share of strong correlations, end less start", by[end] - by[0])


def _model(shapes: pd.DataFrame, fits: pd.DataFrame, critical: float, end: int) -> dict[str, Any]:
    """Exponent of the model at P_C less those of positive weights."""
    of = shapes[(shapes["quantity"] == "positive weights") & (shapes["iteration"] == end)]
    model = fits[(fits["probability"] == critical) & (fits["xmin_rule"] == LEAST_DISTANCE)]["exponent"]
    values = float(model.iloc[0]) - of["exponent"] if len(model) else of["exponent"] * np.nan
    return _mean("exponent of redistribution less that of positive weights", values)


def _converged(plane: pd.DataFrame, statistics: pd.DataFrame, low_loss: float, seed: int) -> Iterator[dict[str, Any]]:
    """Probability that the kurtosis of a network of low loss is larger than that of another one, less a half."""
    low = set(plane.loc[plane["train_loss"] < low_loss, "run"])
    for quantity, part in statistics[statistics["reason"] == ""].groupby("quantity", sort=False):
        values, kind = part["value"].to_numpy(), part["run"].isin(low).to_numpy()
        row = {"quantity": f"networks of low loss over others: {quantity}", "networks": values.size}
        if min(kind.sum(), (~kind).sum()) < 3:
            yield row | {"ci_method": "fewer than three networks of a kind"}
            continue
        rng = generator(seed_key(seed, "weight_statistics", str(quantity), 0))
        drawn = rng.integers(0, values.size, (_REPLICATES, values.size))
        found = [larger_than(values[one][kind[one]], values[one][~kind[one]]) for one in drawn]
        ends = percentile_interval(np.asarray(found))
        yield row | {"value": larger_than(values[kind], values[~kind]), "ci_low": ends[0], "ci_high": ends[1],
                     "ci_method": "percentiles over networks"}  # fmt: skip


def _barrier(plane: pd.DataFrame, fluxes: pd.DataFrame, low_loss: float) -> dict[str, Any]:
    """Rank correlation of the late flux of weights with one over mobility, networks of low loss; Fisher's interval."""
    low = plane[plane["train_loss"] < low_loss][["run", "iterations", "log_mobility"]]
    late = low.merge(fluxes[["run", "iteration", "weight_flux"]], left_on=["run", "iterations"],
                     right_on=["run", "iteration"])  # fmt: skip
    row = {"quantity": "rank correlation of late flux with 1/gamma, networks of low loss", "networks": len(late)}
    if len(late) < 5 or late["log_mobility"].nunique() < 3:
        return row | {"ci_method": "too few networks"}
    value = float(spearmanr(-late["log_mobility"], late["weight_flux"]).statistic)
    margin = 1.96 * np.sqrt(1.06 / (len(late) - 3))
    centre = np.arctanh(np.clip(value, -0.999999, 0.999999))
    return row | {"value": value, "ci_low": float(np.tanh(centre - margin)), "ci_high": float(np.tanh(centre + margin)),
                  "ci_method": "Fisher, Fieller's variance"}  # fmt: skip
