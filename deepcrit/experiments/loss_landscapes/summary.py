"""What losses of many networks have in common, with intervals over networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import spearmanr

from deepcrit.core.arrays import Floats
from deepcrit.core.seeds import generator, seed_key
from deepcrit.experiments.loss_landscapes.boundary import BOUNDARY_PARAMETERS, parabolic_boundary
from deepcrit.experiments.loss_landscapes.plane import phase_plane
from deepcrit.experiments.loss_landscapes.schemas import CONVERGENCE_BOUNDARY, LANDSCAPE_SUMMARY
from deepcrit.stats.intervals import CONFIDENCE, percentile_interval
from deepcrit.stats.over_networks import mean_over_networks, share_of_networks, slope_over_networks

_FAR = 1.0  # distance from the printed boundary, ln M - phi, of networks that are to converge
_FAR_BELOW = -2.0
LARGE_MOBILITY, SMALL_MOBILITY = -5.0, -11.0  # ln gamma
DIVERGED_LOSS = 2.0  # nats
_EARLY = 10  # iterations that are left out of trends


def boundaries(plane: pd.DataFrame, settings: Mapping[str, Any], seed: int) -> pd.DataFrame:
    """Fitted boundaries by both of what counts as converged; schema ``convergence_boundary``."""
    kinds = {
        "criterion": plane["criterion"] < settings["converged"],
        "low mean loss": plane["mean"] < settings["low_loss"],
    }
    x, y = plane["log_mobility"].to_numpy(), plane["log_size"].to_numpy()
    rows, last = [], int(plane["iterations"].max())
    training = "published" if last >= settings["budget"] else "shorter"
    for name, kind in kinds.items():
        converged = kind.to_numpy(bool)
        value = parabolic_boundary(x, y, converged)
        rng = generator(seed_key(seed, "loss_landscapes", f"boundary/{name}", 0))
        drawn = rng.integers(0, max(1, len(plane)), (settings["bootstrap_replicates"], len(plane)))
        known = np.isfinite(value).all()
        resampled = np.array([parabolic_boundary(x[one], y[one], converged[one]) for one in drawn]) if known else None
        for place, parameter in enumerate(BOUNDARY_PARAMETERS):
            low, high = percentile_interval(resampled[:, place]) if resampled is not None else (np.nan, np.nan)
            rows.append(
                {"iteration": last, "training": training, "converged": name, "parameter": parameter,
                 "networks": len(plane), "few": int(min(converged.sum(), (~converged).sum())), "value": value[place],
                 "ci_low": low, "ci_high": high,
                 "ci_method": "percentiles over networks" if known else "too few of a kind"}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=[column.name for column in CONVERGENCE_BOUNDARY.columns])


def landscape_summary(
    runs: pd.DataFrame, moments: pd.DataFrame, entropies: pd.DataFrame, deviations: pd.DataFrame,
    slices: pd.DataFrame, settings: Mapping[str, Any],
) -> pd.DataFrame:  # fmt: skip
    """Means over networks; schema ``landscape_summary``. Tables are those of the schemas of their names."""
    of_sample = runs.set_index("run")["sample"]
    followed = settings["followed"]

    def ours(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["run"].map(of_sample) == followed]

    plane = phase_plane(runs, moments, entropies, settings)
    rows = [
        *_moments(ours(moments), runs, settings),
        *_turns(ours(moments), ours(entropies), settings),
        *_deviations(ours(deviations), settings),
        *_slices(ours(slices), settings),
        *_apart(moments, runs, settings),
        *_plane(plane, settings),
        *_fates(plane, moments, entropies, settings),
    ]
    return pd.DataFrame(rows, columns=[column.name for column in LANDSCAPE_SUMMARY.columns])


def _mean(quantity: str, group: str, values: Any) -> dict[str, Any]:
    return {"quantity": quantity, "networks_of": group} | mean_over_networks(values)


def _share(quantity: str, group: str, counted: Any) -> dict[str, Any]:
    return {"quantity": quantity, "networks_of": group} | share_of_networks(counted)


def _geometric(found: dict[str, Any]) -> dict[str, Any]:
    return found | {key: 10.0 ** found[key] for key in ("value", "ci_low", "ci_high")}


def _spearman(values: pd.Series, iterations: pd.Series) -> float:
    later = (iterations > _EARLY) & values.notna()
    if later.sum() < 3 or values[later].nunique() < 2:
        return float("nan")
    return float(spearmanr(iterations[later], values[later]).statistic)


def _moments(moments: pd.DataFrame, runs: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name, transition = settings["followed"], settings["transition"]
    last = moments["iteration"].max()
    by_iteration = {at: of.set_index("run") for at, of in moments.groupby("iteration")}
    empty = moments.iloc[:0].set_index("run")
    early, middle, end = (by_iteration.get(at, empty) for at in (1, transition, last))
    start = by_iteration.get(0, empty)
    yield _mean("mean loss at t = 1", name, early["mean"])
    yield _mean("mean loss at the transition", name, middle["mean"])
    yield _mean("mean loss at the end", name, end["mean"])
    yield _mean("high losses at the transition over those at the start", name, middle["high"] / start["high"])
    yield _mean("loss of one image in a thousand at the end", name, end["upper_permille"])
    yield _mean("displacement at the end", name, end["displacement"])
    peaks, extrema = [], []
    for _, of in moments.groupby("run", sort=False):
        peaks.append(np.log10(max(0.5, of["iteration"].iloc[int(of["variance"].to_numpy().argmax())])))
        ratio = (of["variance"] / of["mean"] ** 2).to_numpy()
        extrema.append(bool(0 < ratio.argmax() < ratio.size - 1 or 0 < ratio.argmin() < ratio.size - 1))
    yield _geometric(_mean("iteration of the largest variance", name, peaks))
    yield _share("variance over squared mean turns", name, extrema)
    before = moments[moments["iteration"].between(2, 30)]
    after = moments[moments["iteration"] >= 10 * transition]
    for label, part, family in (("before", before, "lognormal"), ("after", after, "heavier")):
        told = (part["family"] == family).groupby(part["run"], sort=False).mean()
        yield _mean(f"share of iterations {label} the transition with losses {family}", name, told)
    sizes = np.log(runs.set_index("run").loc[end.index, "neurons"].to_numpy(float))
    found = slope_over_networks(sizes, end["displacement"])
    yield {"quantity": "slope of displacement against ln M", "networks_of": name} | found


def _turns(moments: pd.DataFrame, entropies: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Where Delta S is least, and where the mean loss crosses b, for every b."""
    means = moments.set_index(["run", "iteration"])["mean"]
    for threshold, at in ((float(b), entropies[entropies["threshold"] == b]) for b in entropies["threshold"].unique()):
        turns, crossings, ratios = [], [], []
        for run, of in at.groupby("run", sort=False):
            known = of[of["entropy"].notna() & (of["iteration"] > 0)]
            own = means.loc[run]
            own = own[own.index > 0]
            crossed = _crossing(own.index.to_numpy(float), own.to_numpy(), threshold)
            inside = known["entropy"].to_numpy()
            place = int(inside.argmin()) if inside.size else 0
            turn = np.log10(known["iteration"].iloc[place]) if 0 < place < inside.size - 1 else np.nan
            turns.append(turn)
            crossings.append(np.log10(crossed))
            ratios.append(turn - np.log10(crossed))
        name = settings["followed"]
        yield _geometric(_mean(f"turn of the entropy, b = {threshold:g}", name, turns))
        yield _geometric(_mean(f"mean loss crosses b = {threshold:g}", name, crossings))
        yield _geometric(_mean(f"turn over crossing, b = {threshold:g}", name, ratios))
    gaps = entropies.groupby("run", sort=False)["legendre_gap"].max()
    yield _mean("largest difference of entropy and Legendre transform", settings["followed"], gaps)
    judged = entropies[entropies["threshold"] == settings["threshold"]]
    falls = [_spearman(of["criterion"], of["iteration"]) for _, of in judged.groupby("run", sort=False)]
    yield _mean("rank correlation of the criterion with t", settings["followed"], falls)
    first, then = [], []
    for run, of in judged.groupby("run", sort=False):
        known = of[of["entropy"].notna() & (of["entropy"] > 0) & (of["iteration"] > 0)]
        logs = np.log(np.abs(known["entropy"].to_numpy()))
        losses = np.log(means.loc[run].loc[known["iteration"]].to_numpy())
        if logs.size < 4 or not 0 < logs.argmin() < logs.size - 1:
            continue
        place = int(logs.argmin())
        gain = np.abs(np.diff(losses)) - np.abs(np.diff(logs))
        first.append(gain[:place].sum())
        then.append(gain[place:].sum())
    yield _mean("change of ln mean loss less that of ln entropy, before the turn", settings["followed"], first)
    yield _mean("change of ln mean loss less that of ln entropy, after the turn", settings["followed"], then)


def _crossing(iterations: Floats, values: Floats, threshold: float) -> float:
    """First iteration at which values have fallen below a threshold, interpolated in logarithms; NaN if they do not."""
    below = np.flatnonzero(values < threshold)
    if not below.size or below[0] == 0:
        return float("nan")
    place = below[0]
    (t0, t1), (v0, v1) = np.log(iterations[place - 1 : place + 1]), np.log(values[place - 1 : place + 1])
    return float(np.exp(t0 + (np.log(threshold) - v0) / (v1 - v0) * (t1 - t0)))


def _deviations(deviations: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = settings["followed"]
    positive = deviations[deviations["variance"] > 0]
    slopes = (
        positive.assign(batch=np.log(positive["batch"]), variance=np.log(positive["variance"]))
        .groupby(["run", "iteration"], sort=False)[["batch", "variance"]]
        .apply(lambda of: float(np.polyfit(of["batch"], of["variance"], 1)[0]) if len(of) > 1 else np.nan)
    )
    slopes = slopes.groupby(level="run", sort=False).mean() if len(slopes) else slopes
    yield _mean("slope of ln variance of a minibatch's loss against ln B", name, slopes)
    excess = deviations.groupby("run", sort=False)["excess"].max()
    yield _mean("largest excess over the bound", name, excess)


def _slices(slices: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = settings["followed"]
    known = slices[(slices["reason"] == "") & slices["normalised"]]
    last = slices["iteration"].max()
    ratio = np.log10(known["batch_roughness"] / known["mean_roughness"])
    for iteration, of in known.assign(ratio=ratio).groupby("iteration"):
        label = "the end" if iteration == last else f"t = {iteration}"
        yield _mean(f"lg roughness of a minibatch over that of all images, {label}", name,
                    of.groupby("run", sort=False)["ratio"].mean())  # fmt: skip
    both = known.pivot_table(index="run", columns="iteration", values="batch_roughness")
    if settings["transition"] in both and last in both:
        yield _mean("lg roughness at the end over that at the transition", name,
                    np.log10(both[last] / both[settings["transition"]]))  # fmt: skip
    for normalised, label in ((True, "normalised"), (False, "equal length")):
        of = slices[(slices["reason"] == "") & (slices["normalised"] == normalised)]
        kinds = of.pivot_table(index=["run", "iteration"], columns="connections", values="mean_variance")
        if {"critical", "other"} <= set(kinds):
            ratios = (kinds["critical"] / kinds["other"]).dropna()
            for iteration, values in ratios.groupby(level="iteration"):
                at = "the end" if iteration == last else f"t = {iteration}"
                yield _mean(f"lg variance along critical over other connections, {label}, {at}", name, np.log10(values))


def _apart(moments: pd.DataFrame, runs: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """How the mean loss follows B where nu/B is the same: not at all, if their ratio alone mattered."""
    of = runs[runs["sample"] == settings["apart"]]
    last = moments[moments["iteration"] == of["iterations"].max()][["run", "mean"]]
    merged = of.merge(last, on="run")
    quantity = "slope of ln mean loss against ln B at one nu/B"
    row = {"quantity": quantity, "networks_of": settings["apart"], "networks": len(merged)}
    design = np.stack([np.log(merged["batch"]), merged["log_mobility"], np.ones(len(merged))], axis=1)
    if len(merged) < 5 or np.linalg.matrix_rank(design) < 3:
        yield row | {"ci_method": "too few networks"}
        return
    fit = sm.OLS(np.log(merged["mean"].to_numpy()), design).fit()
    low, high = fit.conf_int(1.0 - CONFIDENCE)[0]
    yield row | {"value": float(fit.params[0]), "ci_low": float(low), "ci_high": float(high),
                 "ci_method": "Student, residuals"}  # fmt: skip


def _plane(plane: pd.DataFrame, settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = settings["plane"]
    large = plane[plane["log_mobility"] > LARGE_MOBILITY]
    yield _share("diverged, or of a loss over 2 nats, at large mobility", name,
                 large["diverged"] | (large["mean"] > DIVERGED_LOSS))  # fmt: skip
    best = plane.groupby("neurons")["mean"].transform("min")
    ratio = (plane["mean"] / best)[np.isclose(plane["log_mobility"], SMALL_MOBILITY)]
    yield _geometric(_mean("mean loss at small mobility over the least", name, np.log10(ratio)))
    converged = plane[(plane["distance"] > _FAR) & (plane["criterion"] < settings["converged"])]
    yield _share("heavier than lognormal, far above the boundary and converged", name, converged["family"] == "heavier")
    below = plane[plane["distance"] < _FAR_BELOW]
    told = below[below["family"].notna() & (below["family"] != "")]
    yield _share("lognormal, far below the boundary", name, told["family"] == "lognormal")
    far = plane[plane["distance"] > _FAR]
    yield _share("converged far above the boundary", name, far["criterion"] < settings["converged"])
    yield _share("converged far below the boundary", name, below["criterion"] < settings["converged"])
    known = plane[plane["criterion"].notna()]
    yield _step(known, name)


def _step(known: pd.DataFrame, name: str) -> dict[str, Any]:
    """Bayesian information criterion of a line less that of a step, of the criterion against the distance."""
    row = {"quantity": "criterion of a line less that of a step, across the boundary", "networks_of": name,
           "networks": len(known)}  # fmt: skip
    x, y = known["distance"].to_numpy(), known["criterion"].to_numpy()
    if x.size < 6 or np.unique(x).size < 4:
        return row | {"ci_method": "too few networks"}
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    line = ((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum()
    step = min(
        ((y[:place] - y[:place].mean()) ** 2).sum() + ((y[place:] - y[place:].mean()) ** 2).sum()
        for place in range(2, y.size - 1)
    )
    n = x.size
    difference = n * np.log(line / step) + (3 - 4) * np.log(n)
    return row | {"value": float(difference), "ci_method": "none: one data set"}


def _fates(
    plane: pd.DataFrame, moments: pd.DataFrame, entropies: pd.DataFrame, settings: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """How entropy, mean loss and criterion go through training, by side of the printed boundary and initial losses."""
    judged = entropies[entropies["threshold"] == settings["threshold"]]
    joined = judged.merge(moments[["run", "iteration", "mean", "variance"]], on=["run", "iteration"])
    start = moments[moments["iteration"] == 0].set_index("run")["variance"]
    middle = float(start.reindex(plane["run"]).median())
    parts = {
        "far above": plane[plane["distance"] > _FAR],
        "far below": plane[plane["distance"] < _FAR_BELOW],
        "small mobility": plane[np.isclose(plane["log_mobility"], SMALL_MOBILITY)],
    }
    for label, part in parts.items():
        named = f"{settings['plane']}, {label}"
        for kind in ("spread", "concentrated"):
            spread = start.reindex(part["run"]).to_numpy() >= middle
            chosen = part.loc[spread if kind == "spread" else ~spread, "run"]
            groups = [of for _, of in joined[joined["run"].isin(chosen)].groupby("run", sort=False)]
            for column in ("entropy", "mean", "criterion"):
                values = [_spearman(of[column], of["iteration"]) for of in groups]
                yield _mean(f"rank correlation of {column} with t, initial losses {kind}", named, values)
            turns = [of.loc[of["entropy"].idxmin(), "iteration"] for of in groups if of["entropy"].notna().any()]
            found = _mean(
                f"iteration of the least entropy, initial losses {kind}", named, np.log10(np.maximum(turns, 0.5))
            )
            yield _geometric(found)
