"""The exponent that makes mean avalanche profiles of one sample at one width fall on one curve."""

from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.avalanches.blocks import packed_profiles
from deepcrit.avalanches.scaling import (
    ProfileSums,
    bootstrap_collapse,
    collapsed_profiles,
    mean_profiles,
    nmse_curve,
)
from deepcrit.avalanches.schemas import BLOCKS, COLLAPSE_CURVE, COLLAPSED_PROFILES, COLLAPSES, PROFILES
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, write_tsv

SHOWN_DURATIONS = 12


def main(
    profiles: str,
    blocks: str,
    outputs: dict[str, str],
    sample: str,
    width: int,
    settings: dict[str, Any],
    confidence: float,
    seed: int,
) -> None:
    """Search gamma*, with the paper's error bar and a bootstrap interval; keep the curve and some shapes to draw."""
    point = {"sample": sample, "width": width}
    shortest, longest = settings["durations"]
    n_blocks = len(read_parquet(blocks, BLOCKS))
    count, total = packed_profiles(read_parquet(profiles, PROFILES), n_blocks, shortest, longest)
    sums = ProfileSums(shortest, longest, total, count.astype(np.float64))
    grid = settings["exponents"]
    rng = generator(seed_key(seed, "collapse_profiles", f"{sample}/N{width}", 0))
    fit = bootstrap_collapse(
        sums, rng, replicates=settings["bootstrap_replicates"], confidence=confidence, gamma_low=grid["start"],
        gamma_high=grid["stop"], gamma_step=grid["step"], n_grid=settings["grid_points"],
    )  # fmt: skip
    row = {
        **point,
        "xmin": shortest,
        "xmax": longest,
        "gamma_star": fit.gamma_star,
        "published_error": fit.published_error,
        "ci_low": fit.ci_low,
        "ci_high": fit.ci_high,
        "ci_method": f"{fit.interval}, {n_blocks} blocks",
        "nmse": fit.nmse_min,
        "nmse_per_duration": fit.nmse_per_duration,
        "durations": fit.n_durations,
        "n": fit.n_avalanches,
        "warning": fit.edge_reason,
    }
    write_tsv(pd.DataFrame([row]), outputs["collapses"], COLLAPSES)
    means = mean_profiles(sums, n_grid=settings["grid_points"])
    trial = np.arange(grid["start"], grid["stop"] + grid["step"] / 2, grid["step"])
    curve = nmse_curve(means, trial, fit).drop(columns="parabola")
    write_tsv(curve.assign(**point), outputs["collapse_curve"], COLLAPSE_CURVE)
    shown = np.unique(np.geomspace(shortest, longest, SHOWN_DURATIONS).round().astype(int))
    shapes = collapsed_profiles(means, fit.gamma_star).rename(columns={"scaled": "scaled_profile"})
    shapes = shapes[shapes["duration"].isin(shown)]
    write_tsv(shapes.assign(**point), outputs["collapsed_profiles"], COLLAPSED_PROFILES)


if "snakemake" in globals():
    with threadpool_limits(1):
        run(main, snakemake)
