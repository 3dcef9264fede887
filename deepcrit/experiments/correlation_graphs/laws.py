"""Power laws of degrees and cliques, pooled over networks of all sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from deepcrit.avalanches.powerlaws import (
    MINIMUM_POINTS,
    cluster_bootstrap,
    compare_alternatives,
    fit_continuous,
    fit_discrete,
    scan_xmin,
)
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.correlation_graphs.schemas import ABOVE_XMIN, ALL_VALUES, GRAPH_LAWS
from deepcrit.stats.intervals import CONFIDENCE

LEAST = {"degree": 1.0, "component_size": 1.0, "clique_size": 2.0}  # that there can be
_ALTERNATIVES = {"exponential": "exponential", "lognormal": "lognormal", "truncated_power_law": "truncated"}


def graph_laws(histograms: pd.DataFrame, transition: int, replicates: int, seed: int) -> pd.DataFrame:
    """Fits at the transition and at the end, with what changed between them; schema ``graph_laws``.

    Args:
        histograms: schema ``graph_histograms``, of networks of one setting but for their size.
        transition: iteration that counts as the transition; every other one is an end.
        replicates: resamplings of networks.
        seed: root of them.
    """
    labelled = histograms.assign(
        at=np.where(histograms["iteration"] == transition, "transition", "end"),
    )
    rows = []
    for (threshold, quantity), part in labelled.groupby(["threshold", "quantity"], sort=False):
        for fitted in (ALL_VALUES, ABOVE_XMIN):
            found = {}
            for at, pooled in part.groupby("at", sort=False):
                rng = generator(seed_key(seed, "correlation_graphs", f"{quantity}/{threshold}/{at}", 0))
                found[at] = _fitted(str(quantity), pooled, fitted, replicates, rng)
                rows.append(
                    {"iteration": at, "threshold": threshold, "quantity": quantity, "fitted": fitted, **found[at]}
                )
            if len(found) == 2:
                change = _difference(found["end"], found["transition"])
                rows.append({"iteration": "end minus transition", "threshold": threshold, "quantity": quantity,
                             "fitted": fitted, **change})  # fmt: skip
    columns = [column.name for column in GRAPH_LAWS.columns]
    return pd.DataFrame(rows + _by_threshold(rows), columns=columns)


def _by_threshold(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Exponents at the end less those at the lowest threshold, whose graphs the others are part of."""
    ends = [row for row in rows if row["iteration"] == "end"]
    if not ends:
        return []
    lowest = min(row["threshold"] for row in ends)
    base = {(row["quantity"], row["fitted"]): row for row in ends if row["threshold"] == lowest}
    kept = ("threshold", "quantity", "fitted")
    return [
        {"iteration": "end, less the lowest threshold", **{name: row[name] for name in kept}}
        | _difference(row, base[row["quantity"], row["fitted"]])
        for row in ends
        if row["threshold"] > lowest and (row["quantity"], row["fitted"]) in base
    ]


def _fitted(
    quantity: str, pooled: pd.DataFrame, fitted: str, replicates: int, rng: np.random.Generator
) -> dict[str, Any]:
    fair = pooled[~pooled["bounded"]]
    found: dict[str, Any] = {
        "networks": fair["run"].nunique(),
        "bounded": pooled.loc[pooled["bounded"], "run"].nunique(),
        "points": int(fair["count"].sum()),
        "ci_method": "too few values",
    }
    if found["points"] < MINIMUM_POINTS or fair["value"].nunique() < 3 or found["networks"] < 2:
        return found
    whole = quantity in LEAST
    total = fair.groupby("value")["count"].sum()
    values, counts = total.index.to_numpy(float), total.to_numpy(np.int64)
    sample = np.repeat(values, counts)
    low, high = LEAST.get(quantity, float(values[0])), float(values[-1])
    if fitted == ABOVE_XMIN:
        candidates = values[values <= 0.3 * high]
        if candidates.size < 2:
            return found
        scan = (
            scan_xmin(values.astype(np.int64), candidates, high, counts)
            if whole
            else scan_xmin(sample, _thinned(candidates), high)
        )
        if not np.isfinite(scan.exponents).any():
            return found
        low = scan.xmin
    inside = fair[(fair["value"] >= low) & (fair["value"] <= high)]
    logs = (
        inside.assign(log=np.log(inside["value"]) * inside["count"]).groupby("run", sort=False)[["count", "log"]].sum()
    )
    whole_values = values.astype(np.int64)
    fit = fit_discrete(whole_values, int(low), int(high), counts=counts) if whole else fit_continuous(sample, low, high)
    interval = cluster_bootstrap(
        logs["count"].to_numpy(), logs["log"].to_numpy(), int(low) if whole else low, int(high) if whole else high,
        whole, replicates, rng,
    )  # fmt: skip
    found |= {
        "points": fit.n,
        "xmin": low,
        "xmax": high,
        "exponent": fit.exponent,
        "ci_low": interval.ci_low,
        "ci_high": interval.ci_high,
        "ci_method": f"{interval.method} by network",
        "ks_distance": fit.ks_distance,
    }
    compared = compare_alternatives(
        whole_values if whole else sample, int(low) if whole else low, int(high) if whole else high,
        alternatives=list(_ALTERNATIVES), counts=counts if whole else None,
    )  # fmt: skip
    for alternative in compared:
        name = _ALTERNATIVES[alternative.alternative]
        found |= {f"against_{name}": alternative.loglikelihood_ratio, f"p_{name}": alternative.p_value}
        if name == "exponential" and alternative.normalised_ratio != 0:
            ratio = alternative.loglikelihood_ratio
            reach = float(norm.ppf(0.5 + CONFIDENCE / 2)) * abs(ratio / alternative.normalised_ratio)
            found |= {"against_exponential_low": ratio - reach, "against_exponential_high": ratio + reach}
    return found


def _thinned(candidates: np.ndarray, most: int = 60) -> np.ndarray:
    """At most so many candidates, evenly taken."""
    return candidates[np.unique(np.linspace(0, candidates.size - 1, most).astype(int))]


def _difference(end: dict[str, Any], start: dict[str, Any]) -> dict[str, Any]:
    """Exponent at the end less that at the transition, with independent errors."""
    counts = {name: min(end[name], start[name]) for name in ("networks", "points")} | {
        "bounded": max(end["bounded"], start["bounded"])
    }
    if "exponent" not in end or "exponent" not in start:
        return counts | {"ci_method": "too few values"}
    value = end["exponent"] - start["exponent"]
    below = np.hypot(end["exponent"] - end["ci_low"], start["ci_high"] - start["exponent"])
    above = np.hypot(end["ci_high"] - end["exponent"], start["exponent"] - start["ci_low"])
    method = "both intervals in quadrature"
    return counts | {"exponent": value, "ci_low": value - below, "ci_high": value + above, "ci_method": method}
