"""Where neighbours along the circle vary most: the plane, contrasts between regimes, and the region against width."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.core.grids import regular_grid
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.levy_mean_field.schemas import ORDERED_LINES, PHASE_BOUNDARIES
from deepcrit.experiments.manifolds.schemas import (
    CROSSOVER_WIDTHS,
    DISTANCE_CONTRASTS,
    DISTANCE_PLANE,
    DISTANCE_VARIATIONS,
)
from deepcrit.stats.intervals import mean_interval, percentile_interval, student_interval

READINGS = {"text": ("fixed_point", "all"), "code": ("radius", "window")}
FAMILY, POWER = "shifted", 11  # f2, L = 11: the region whose upper end lies within the grid for most alpha
COMPARED = (1.2, 1.8)  # alpha of the contrasts: a chaotic regime is within the grid
CLASSICAL, DEEP = (2.0, 1.0), (1.2, 1.5)  # alpha and g of the classical point, and of one deep in the extended regime
REPLICATES = 1000
METHOD = "Student over networks"


def main(
    variations: Sequence[str], lines: str, boundaries: str, plane: str, contrasts: str, widths: str,
    distances: Mapping[str, Any], seed: int,
) -> None:  # fmt: skip
    """Gather the shards, average over networks, and hold the plane against the lines of Fig. 2."""
    found = pd.concat([read_tsv(part, DISTANCE_VARIATIONS) for part in variations])
    found = found.sort_values(["width", "alpha", "network", "layer", "gain"])
    of_plane = np.isclose(found["alpha"].to_numpy()[:, None], regular_grid(**distances["alphas"])).any(axis=1)
    of_plane &= (found["width"] == distances["width"]) & (found["network"] < distances["networks"])
    whole = found[of_plane]
    averaged = [
        (alpha, gain, distances["width"], layer, len(of), *_interval(of["variation"]))
        for (layer, alpha, gain), of in whole.groupby(["layer", "alpha", "gain"])
    ]
    columns = [column.name for column in DISTANCE_PLANE.columns]
    write_tsv(pd.DataFrame(averaged, columns=columns), plane, DISTANCE_PLANE)
    regions = read_tsv(lines, ORDERED_LINES), read_tsv(boundaries, PHASE_BOUNDARIES)
    rows = [
        row for reading in READINGS for row in _contrasts(whole, reading, _bands(*regions, reading), distances, seed)
    ]
    rows += _classical(whole, distances["layers"][-1])
    columns = [column.name for column in DISTANCE_CONTRASTS.columns]
    write_tsv(pd.DataFrame(rows, columns=columns), contrasts, DISTANCE_CONTRASTS)
    sizes, layer = distances["sizes"], distances["layers"][-1]
    at_last = found[(found["layer"] == layer) & np.isclose(found["alpha"], sizes["alpha"])]
    write_tsv(_crossover(at_last, sizes, layer), widths, CROSSOVER_WIDTHS)


def _interval(values: pd.Series) -> tuple[Any, ...]:
    found = mean_interval(values)
    return found.value, found.ci_low, found.ci_high, METHOD


def _bands(lines: pd.DataFrame, boundaries: pd.DataFrame, reading: str) -> Callable[[float], tuple[float, float]]:
    """Lower and upper gain of the extended region at any alpha, interpolated between those of the phase diagram."""
    line, radii = READINGS[reading]
    low = lines[lines["line"] == line].sort_values("alpha")
    high = boundaries.query(f"line == {line!r} and radii == {radii!r} and family == {FAMILY!r} and power == {POWER}")
    high = high.sort_values("alpha")
    upper = high["line_gain"] + high["region_width"]  # cut at the end of the grid
    return lambda alpha: (
        float(np.interp(alpha, low["alpha"], low["gain"])),
        float(np.interp(alpha, high["alpha"], upper)),
    )


def _contrasts(
    whole: pd.DataFrame, reading: str, band: Callable[[float], tuple[float, float]], keys: Mapping[str, Any], seed: int
) -> list[tuple[Any, ...]]:
    """Differences between regimes, network by network; where variation is large, against the band."""
    first, last = keys["layers"][0], keys["layers"][-1]
    ends = {alpha: band(alpha) for alpha in whole["alpha"].unique()}
    low, high = (whole["alpha"].map({alpha: end[side] for alpha, end in ends.items()}) for side in (0, 1))
    regime = np.select([whole["gain"] < low, whole["gain"] <= high], ["ordered", "extended"], "chaotic")
    named = whole.assign(regime=regime)
    compared = named[named["alpha"].between(*COMPARED)]
    at = {
        layer: compared[compared["layer"] == layer].pivot_table("variation", "network", "regime")
        for layer in (first, last)
    }
    networks = len(at[last])
    rows: list[tuple[Any, ...]] = []

    def add(quantity: str, found: tuple[Any, ...], what: str) -> None:
        rows.append((quantity, reading, last, networks, *found, what))

    for other in ("ordered", "chaotic"):
        if {"extended", other} <= set(at[last].columns):
            add(f"{other}_less_extended", _interval(at[last][other] - at[last]["extended"]), f"variation in the "
                f"{other} regime less that in the extended one, alpha from {COMPARED[0]} to {COMPARED[1]}")  # fmt: skip
    if "extended" in at[last].columns:
        add("growth", _interval(at[last]["extended"] - at[first]["extended"]), f"variation in the extended regime less "
            f"that at layer {first}")  # fmt: skip
    final = named[(named["layer"] == last) & named["variation"].notna()]
    tables = [of.pivot_table("variation", "alpha", "gain") for _, of in final.groupby("network")]
    inside = final.assign(inside=final["regime"] == "extended").pivot_table("inside", "alpha", "gain").to_numpy() > 0.5
    cube = np.array([table.to_numpy() for table in tables])
    alphas, gains = tables[0].index.to_numpy(), tables[0].columns.to_numpy()
    rng = generator(seed_key(seed, "contrast_distances", reading, 0))
    drawn = [cube[rng.integers(0, len(cube), len(cube))].mean(axis=0) for _ in range(REPLICATES)]
    limits = np.array([ends[alpha] for alpha in alphas])
    for quantity, measure, what in (
        ("overlap", lambda plane: _overlap(plane, inside), "cells in which the variation exceeds its median and the "
         "band, their intersection over their union"),
        ("peak_outside", lambda plane: _outside(plane, alphas, gains, limits), "distance in g of the largest variation "
         "from the band, largest of alpha up to 1.8"),
    ):  # fmt: skip
        found = measure(cube.mean(axis=0)), *percentile_interval([measure(plane) for plane in drawn])
        add(quantity, (*found, "percentile bootstrap over networks"), what)
    return rows


def _overlap(plane: np.ndarray, inside: np.ndarray) -> float:
    large = plane > np.median(plane)
    return float((large & inside).sum() / (large | inside).sum())


def _outside(plane: np.ndarray, alphas: np.ndarray, gains: np.ndarray, limits: np.ndarray) -> float:
    peaks = gains[plane.argmax(axis=1)]
    away = np.maximum(0.0, np.maximum(limits[:, 0] - peaks, peaks - limits[:, 1]))
    return float(away[alphas <= COMPARED[1] + 1e-9].max())


def _classical(whole: pd.DataFrame, layer: int) -> list[tuple[Any, ...]]:
    """Variation at the classical point less that deep in the extended regime, if the grid has both."""
    last = whole[whole["layer"] == layer]
    both = [
        last[np.isclose(last["alpha"], alpha) & np.isclose(last["gain"], gain)].set_index("network")["variation"]
        for alpha, gain in (CLASSICAL, DEEP)
    ]
    if not all(map(len, both)):
        return []
    less = both[0] - both[1]
    what = "variation at alpha = 2, g = 1 less that at alpha = 1.2, g = 1.5"
    return [("classical_less_deep", "all", layer, len(less), *_interval(less), what)]


def _crossover(found: pd.DataFrame, sizes: Mapping[str, Any], layer: int) -> pd.DataFrame:
    """Range in g over which neighbours vary in each network: the integral of the variation over its largest."""
    rows, log_widths, ranges = [], [], []
    for width in sizes["widths"]:
        of = found[(found["width"] == width) & (found["network"] < sizes["networks"])]
        table = of.pivot_table("variation", "network", "gain")
        region = np.trapezoid(table.to_numpy(), table.columns.to_numpy(), axis=1) / table.max(axis=1).to_numpy()
        rows.append((sizes["alpha"], width, layer, len(table), "region", *_interval(pd.Series(region))))
        log_widths += [np.log(width)] * len(region)
        ranges += list(region)
    x, y = np.array(log_widths), np.array(ranges)
    centred = x - x.mean()
    slope = float(centred @ y / (centred @ centred))
    residuals = y - y.mean() - slope * centred
    error = np.sqrt((residuals @ residuals) / (len(y) - 2) / (centred @ centred))
    fitted = student_interval(slope, error, len(y) - 2)
    rows.append((sizes["alpha"], 0, layer, len(y), "slope", slope, fitted.ci_low, fitted.ci_high,
                 "Student, of a straight line through all networks"))  # fmt: skip
    return pd.DataFrame(rows, columns=[column.name for column in CROSSOVER_WIDTHS.columns])


if "snakemake" in globals():
    run(main, snakemake)
