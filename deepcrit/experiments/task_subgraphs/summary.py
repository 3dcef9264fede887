"""What the graphs of many networks have in common, with intervals over networks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.task_subgraphs.groups import with_groups
from deepcrit.experiments.task_subgraphs.schemas import SUBGRAPH_SUMMARY
from deepcrit.stats.intervals import percentile_interval
from deepcrit.stats.over_networks import mean_over_networks, share_of_networks, slope_over_networks

_LEARNED = 0.9  # training accuracy of a network that counts as one that has learned
_PUBLISHED_LOGNORMAL = (1, 8, 9)
_PUBLISHED_EARLY, _PUBLISHED_LATE = (0, 1, 2, 3, 5, 7), (4, 6, 8, 9)
_ALL = "all"


def subgraph_summary(
    graphs: pd.DataFrame, families: pd.DataFrame, couplings: pd.DataFrame, ageings: pd.DataFrame,
    runs: pd.DataFrame, accuracy_loss: float, replicates: int, seed: int,
) -> pd.DataFrame:  # fmt: skip
    """Means over networks, slopes and ranks; schema ``subgraph_summary``.

    Args:
        graphs: schema ``task_subgraphs``.
        families: schema ``subgraph_families``.
        couplings: schema ``coupling_costs``.
        ageings: schema ``coupling_ageing``.
        runs: schema ``run_outcomes``.
        accuracy_loss: of the graphs that are judged.
        replicates: resamplings of networks, behind ranks of digits.
        seed: root of them.
    """
    graphs, families = (with_groups(table, runs) for table in (graphs, families))
    judged = graphs[(graphs["stage"] == "pruned") & (graphs["accuracy_loss"] == accuracy_loss)]
    dense = graphs[graphs["stage"] == "dense"]
    of_size = judged[judged["group"] == "trained"]
    named = "trained, M = " + of_size["neurons"].astype(str)
    rows = [
        *_by_accuracy_loss(graphs[graphs["stage"] == "pruned"]),
        *_sizes(pd.concat([judged, of_size.assign(group=named)]), runs),
        *_accuracies(judged, dense, families, accuracy_loss),
        *_blocks(families, accuracy_loss),
        *_suppressors(judged),
        *_digits(judged[judged["group"] == "trained"], replicates, seed),
        *_slopes(judged, runs),
        *_couplings(with_groups(couplings, runs)),
        *_ageing(ageings.merge(runs[["run", "sample", "shuffled"]], on="run")),
    ]
    return pd.DataFrame(rows, columns=[column.name for column in SUBGRAPH_SUMMARY.columns])


def _mean(quantity: str, group: str, values: Any, digit: str = _ALL) -> dict[str, Any]:
    return {"quantity": quantity, "networks_of": group, "digit": digit} | mean_over_networks(values)


def _by_accuracy_loss(pruned: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """How large graphs are if pruning may lose more."""
    for (group, accuracy_loss), of in pruned.groupby(["group", "accuracy_loss"], sort=False):
        means = of.groupby("run", sort=False)[["vertices", "edges"]].mean()
        for column in ("vertices", "edges"):
            yield _mean(f"{column} at a loss of {accuracy_loss:g}", str(group), means[column])


def _sizes(judged: pd.DataFrame, runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for group, of in judged.groupby("group", sort=False):
        means = of.groupby("run", sort=False)[["vertices", "edges", "lower_edges", "pixel_edges"]].mean()
        hidden = runs.set_index("run")["hidden"].reindex(means.index).astype(float)
        neurons, pixels = hidden**2 + 10.0 * hidden, 784.0 * hidden
        some = means.where(means["edges"] > 0)
        yield _mean("vertices", str(group), means["vertices"])
        yield _mean("edges", str(group), means["edges"])
        yield _mean("reduction, edges of neurons", str(group), neurons / some["edges"])
        yield _mean(
            "reduction, edges of pixels too", str(group), (neurons + pixels) / (some["edges"] + some["pixel_edges"])
        )
        yield _mean("reduction, edges of pixels before alone", str(group), (neurons + pixels) / some["edges"])
        yield _mean("reduction, first to second hidden layer", str(group), hidden**2 / some["lower_edges"])
        yield _mean("reduction, second hidden layer to classes", str(group),
                    10.0 * hidden / (some["edges"] - some["lower_edges"]))  # fmt: skip


def _accuracies(
    judged: pd.DataFrame, dense: pd.DataFrame, families: pd.DataFrame, accuracy_loss: float
) -> Iterator[dict[str, Any]]:
    keys = ["run", "iteration", "digit"]
    pairs = judged.merge(dense, on=[*keys, "group"], suffixes=("", "_dense"))
    for group, of in pairs.groupby("group", sort=False):
        for column in ("train_loss", "test_loss", "train_accuracy", "test_accuracy", "train_balanced", "test_balanced"):
            per_network = of.groupby("run", sort=False)
            yield _mean(column, str(group), per_network[column].mean())
            change = (of[column] - of[f"{column}_dense"]).groupby(of["run"], sort=False).mean()
            yield _mean(f"{column} less dense", str(group), change)
        known = of[of["loss_family"] != ""]
        expected = known["digit"].isin(_PUBLISHED_LOGNORMAL)
        right = np.where(expected, known["loss_family"] == "lognormal", known["loss_family"] == "heavier")
        if len(known):
            counts = pd.Series(right, index=known.index).groupby(known["run"], sort=False).sum()
            yield _mean("digits of the published loss family", str(group), counts)
    together = families[(families["stage"] == "pruned") & (families["accuracy_loss"] == accuracy_loss)]
    whole = families[families["stage"] == "dense"]
    for group, of in together.merge(whole, on=["run", "iteration", "group"], suffixes=("", "_dense")).groupby("group"):
        for column in ("train_accuracy", "test_accuracy"):
            yield _mean(f"{column} together", str(group), of[column])
            yield _mean(f"{column} together less dense", str(group), of[column] - of[f"{column}_dense"])


def _blocks(families: pd.DataFrame, accuracy_loss: float) -> Iterator[dict[str, Any]]:
    judged = families[(families["stage"] == "pruned") & (families["accuracy_loss"] == accuracy_loss)]
    for group, of in judged.groupby("group", sort=False):
        for column in ("shared_edges", "shared_vertices", "modularity"):
            yield _mean(column, str(group), of[column])
        yield _mean("within less between", str(group), of["within"] - of["between"])


def _suppressors(judged: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for group, of in judged.groupby("group", sort=False):
        some = of.groupby("run", sort=False)["suppressors"].sum() > 0
        named = {"quantity": "networks with a suppressor", "networks_of": group, "digit": _ALL}
        yield named | share_of_networks(some)


def _digits(trained: pd.DataFrame, replicates: int, seed: int) -> Iterator[dict[str, Any]]:
    """Sizes by digit, relative to the mean of a network's ten, and where they rank, the largest first."""
    for column in ("vertices", "edges"):
        sizes = trained.pivot_table(index="run", columns="digit", values=column)
        relative = sizes.div(sizes.mean(axis=1), axis=0).dropna()
        if relative.empty:
            continue
        values = relative.to_numpy()
        rng = generator(seed_key(seed, "task_subgraphs", f"ranks/{column}", 0))
        drawn = rng.integers(0, len(values), (replicates, len(values)))
        resampled = rankdata(-values[drawn].mean(axis=1), axis=1)
        ranks = rankdata(-values.mean(axis=0))
        for place, digit in enumerate(relative.columns):
            yield _mean(f"{column} over the mean of all digits", "trained", values[:, place], str(digit))
            low, high = percentile_interval(resampled[:, place]) if len(values) > 1 else (np.nan, np.nan)
            yield {
                "quantity": f"rank by {column}", "networks_of": "trained", "digit": str(digit),
                "networks": len(values), "value": float(ranks[place]), "ci_low": low, "ci_high": high,
                "ci_method": "percentiles over networks",
            }  # fmt: skip


def _slopes(judged: pd.DataFrame, runs: pd.DataFrame) -> Iterator[dict[str, Any]]:
    at_end = judged[judged["iteration"] > 0]
    means = at_end.groupby("run", sort=False)[["vertices", "edges"]].mean().join(runs.set_index("run"))
    for sample in ("terminal", "sizes"):
        of = means[means["sample"] == sample]
        for column in ("vertices", "edges"):
            some = of[of[column] > 0]
            yield _slope(f"slope of ln {column} against ln M", sample, np.log(some["neurons"]), np.log(some[column]))
    for sample in ("terminal", "sizes"):
        of = runs[(runs["sample"] == sample) & ~runs["diverged"]]
        size = np.log(of["neurons"])
        yield _slope("slope of test accuracy against ln M", sample, size, of["test_accuracy"])
        gap = of["train_accuracy"] - of["test_accuracy"]
        yield _slope("slope of training less test accuracy against ln M", sample, size, gap)
    phases = means[means["sample"] == "phases"]
    for name, of in (("phases", phases), ("phases that have learned", phases[phases["train_accuracy"] > _LEARNED])):
        for column in ("vertices", "edges"):
            # networks of one size have their own mean: what is asked is how they change with mobility
            by_size = of.groupby("hidden")
            x = of["log_mobility"] - by_size["log_mobility"].transform("mean")
            y = of[column] / by_size[column].transform("mean") - 1.0
            kept = np.isfinite(y)
            sizes = of.loc[kept, "hidden"].nunique()
            yield _slope(f"relative slope of {column} against ln(nu/B)", name, x[kept], y[kept], sizes)


def _slope(quantity: str, group: str, x: Any, y: Any, means: int = 1) -> dict[str, Any]:
    return {"quantity": quantity, "networks_of": group, "digit": _ALL} | slope_over_networks(x, y, means)


def _couplings(couplings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """At the end and before training, of the same graphs."""
    for (shuffled, sample), of in couplings.groupby(["shuffled", "sample"], sort=False):
        name = "shuffled labels" if shuffled else "trained" if sample == "terminal" else str(sample)
        last = of.groupby("run")["iteration"].transform("max")
        parts = {"": of[of["iteration"] == last], " before training": of[of["iteration"] == 0]}
        for column in ("cost", "separation", "overlap"):
            ends = {}
            for suffix, part in parts.items():
                ends[suffix] = part.groupby("run", sort=False)[column].mean()
                yield _mean(f"{column}{suffix}", name, ends[suffix])
            yield _mean(f"{column} less before training", name, ends[""] - ends[" before training"])
            zero = parts[""][parts[""]["digit"] == 0]
            yield _mean(column, name, zero[column], "0")


def _ageing(ageings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for (shuffled, sample), of in ageings.groupby(["shuffled", "sample"], sort=False):
        name = "shuffled labels" if shuffled else "trained" if sample == "terminal" else str(sample)
        fitted = of[of["reason"] == ""]
        rival = fitted[["bic_power", "bic_exponential"]].min(axis=1) - fitted["bic_logarithm"]
        tenfold = np.log10(fitted["onset"].clip(lower=0.5))  # that before training stands half an iteration before 1
        columns = {
            "determination by ln t": fitted["determination"],
            "rank correlation with t": fitted["rank_correlation"],
            "criterion of the best rival less that of ln t": rival,
            "graphs that age logarithmically": (fitted["best"] == "logarithm").astype(float),
        }
        for quantity, values in columns.items():
            yield _mean(quantity, name, values.groupby(fitted["run"], sort=False).mean())
        negative = (of["initial_cost"] < 0).where(of["initial_cost"].notna()).astype(float)
        shares = {}
        for group, digits in (("early", _PUBLISHED_EARLY), ("late", _PUBLISHED_LATE)):
            inside = of["digit"].isin(digits)
            shares[group] = negative[inside].groupby(of["run"][inside], sort=False).mean()
            yield _mean("graphs of negative cost before training", name, shares[group], f"{group} digits")
            of_group = fitted["digit"].isin(digits)
            onsets = tenfold[of_group].groupby(fitted["run"][of_group], sort=False).mean()
            found = _mean("onset", name, onsets, f"{group} digits")
            yield found | {key: 10.0 ** found[key] for key in ("value", "ci_low", "ci_high")}
        yield _mean("graphs of negative cost before training", name, shares["early"] - shares["late"],
                    "early less late digits")  # fmt: skip
