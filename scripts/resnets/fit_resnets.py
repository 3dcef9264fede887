"""Fit the avalanches of every case and model, and bin them for the figure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.avalanches.powerlaws.peer import PeerError
from deepcrit.avalanches.scaling import adaptive_density, duration_statistics
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.resnets.fits import (
    MULTIPLIERS,
    NORMALISATIONS,
    SPREAD,
    Settings,
    fit_sample,
    select_sample,
    spread_over_multipliers,
)
from deepcrit.experiments.resnets.schemas import (
    DEPTHS,
    LAUNCHES,
    LAYER_AVALANCHES,
    LAYER_COUNTS,
    LAYER_DENSITIES,
    LAYER_FITS,
    LAYER_SIZES,
)


def main(
    depths: str, samples: Sequence[tuple[str, str]], avalanches: Sequence[str], launches: Sequence[str],
    outputs: dict[str, str], fits: dict[str, Any], bin_minimum: int, seed: int,
) -> None:  # fmt: skip
    """One row a case, model, multiplier, normalisation and quantity; ``samples`` names case and model of each file."""
    settings = Settings(**fits)
    layers = read_tsv(depths, DEPTHS).set_index("model")["layers"]
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in ("fits", "counts", "densities", "sizes")}
    for (case, model), avalanche_file, launch_file in zip(samples, avalanches, launches, strict=True):
        table, blocks = read_parquet(avalanche_file, LAYER_AVALANCHES), read_parquet(launch_file, LAUNCHES)
        depth = int(layers[model])
        found = {
            "fits": _fits(table, depth, settings, seed, f"{case}/{model}"),
            "counts": blocks.groupby("multiplier", as_index=False)[["launched", "started", "censored"]]
            .sum()
            .assign(networks=blocks["network"].nunique()),
            "densities": _densities(table, bin_minimum),
            "sizes": _sizes(table),
        }
        for name, frame in found.items():
            tables[name].append(frame.assign(case=case, model=model))
    schemas = {"fits": LAYER_FITS, "counts": LAYER_COUNTS, "densities": LAYER_DENSITIES, "sizes": LAYER_SIZES}
    for name, schema in schemas.items():
        write_tsv(pd.concat(tables[name], ignore_index=True), outputs[name], schema)


def _fits(table: pd.DataFrame, depth: int, settings: Settings, seed: int, sample: str) -> pd.DataFrame:
    rows = []
    for normalisation in NORMALISATIONS:
        samples = [select_sample(table, multiplier, normalisation) for multiplier in MULTIPLIERS]
        for multiplier, chosen in enumerate(samples):
            rng = generator(seed_key(seed, "fit_resnets", f"{sample}/{normalisation}", multiplier))
            where = {"normalisation": normalisation, "multiplier": multiplier}
            try:
                rows += [where | vars(row) for row in fit_sample(chosen, depth, settings, rng)]
            except PeerError as error:
                raise PeerError(f"{sample}, {normalisation}, n = {multiplier}: {error}") from error
        where = {"normalisation": normalisation, "multiplier": SPREAD}
        rows += [where | vars(row) for row in spread_over_multipliers(samples, depth, settings)]
    return pd.DataFrame(rows)


def _densities(table: pd.DataFrame, bin_minimum: int) -> pd.DataFrame:
    rows = [pd.DataFrame(columns=["multiplier", "observable", "centre", "density", "count"])]
    for multiplier, group in table[~table["censored"]].groupby("multiplier"):
        for observable in ("duration", "size", "size_rms"):
            values = np.sort(group[observable].to_numpy(dtype=float))
            discrete = observable == "duration"
            if len(values) > 1 and (discrete or values[0] < values[-1]):
                density = adaptive_density(values, minimum_per_bin=bin_minimum, discrete=discrete)
                columns = {name: getattr(density, name) for name in ("centre", "density", "count")}
                rows.append(pd.DataFrame(columns).assign(multiplier=multiplier, observable=observable))
    return pd.concat(rows[1:] or rows)


def _sizes(table: pd.DataFrame) -> pd.DataFrame:
    rows = [pd.DataFrame(columns=["multiplier", "duration", "count", "mean_size", "mean_size_rms"])]
    for multiplier, group in table[~table["censored"]].groupby("multiplier"):
        rms = duration_statistics(group["duration"], group["size_rms"])["mean_size"]
        statistics = duration_statistics(group["duration"], group["size"])[["duration", "count", "mean_size"]]
        rows.append(statistics.assign(mean_size_rms=rms, multiplier=multiplier))
    return pd.concat(rows[1:] or rows)


if "snakemake" in globals():
    with threadpool_limits(1):
        run(main, snakemake)
