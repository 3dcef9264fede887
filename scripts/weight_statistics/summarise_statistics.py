"""Put what was measured of all shards together, and average it over networks."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.fluxes.schemas import FLUXES
from deepcrit.experiments.sgd_runs.parts import merged_by_run
from deepcrit.experiments.sgd_runs.schemas import RUN_OUTCOMES
from deepcrit.experiments.weight_statistics.schemas import (
    NETWORK_STATISTICS,
    REDISTRIBUTION_FITS,
    STATISTIC_CURVES,
    STATISTICS_SUMMARY,
    TAIL_SHAPES,
)
from deepcrit.experiments.weight_statistics.summary import statistics_summary


def main(
    outcomes: str,
    fluxes: str,
    fits: str,
    shape_parts: Sequence[str],
    statistic_parts: Sequence[str],
    curve_parts: Sequence[str],
    shapes: str,
    statistics: str,
    curves: str,
    summary: str,
    settings: Mapping[str, Any],
    seed: int,
) -> None:
    """Shards of other runs or other code are refused by name."""
    runs, tables = read_tsv(outcomes, RUN_OUTCOMES), []
    for parts, path, schema in (
        (shape_parts, shapes, TAIL_SHAPES),
        (statistic_parts, statistics, NETWORK_STATISTICS),
        (curve_parts, curves, STATISTIC_CURVES),
    ):
        tables.append(merged_by_run(parts, runs, schema))
        write_tsv(tables[-1], path, schema)
    found = statistics_summary(
        runs, tables[0], tables[1], read_tsv(fluxes, FLUXES), read_tsv(fits, REDISTRIBUTION_FITS), settings, seed
    )
    write_tsv(found, summary, STATISTICS_SUMMARY)


if "snakemake" in globals():
    run(main, snakemake)
