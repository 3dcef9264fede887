"""Put the losses of all shards together, and relate them to iterations, sizes and mobilities."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.loss_landscapes.plane import phase_plane
from deepcrit.experiments.loss_landscapes.schemas import (
    BATCH_DEVIATIONS,
    CONVERGENCE_BOUNDARY,
    LANDSCAPE_MAPS,
    LANDSCAPE_SLICES,
    LANDSCAPE_SUMMARY,
    LOSS_MOMENTS,
    LOSS_TAILS,
    TILTED_ENTROPIES,
)
from deepcrit.experiments.loss_landscapes.summary import boundaries, landscape_summary
from deepcrit.experiments.sgd_runs.parts import merged_by_run
from deepcrit.experiments.sgd_runs.schemas import RUN_OUTCOMES


def main(
    outcomes: str,
    moment_parts: Sequence[str],
    tail_parts: Sequence[str],
    entropy_parts: Sequence[str],
    deviation_parts: Sequence[str],
    slice_parts: Sequence[str],
    map_parts: Sequence[str],
    moments: str,
    tails: str,
    entropies: str,
    deviations: str,
    slices: str,
    maps: str,
    boundary: str,
    summary: str,
    settings: Mapping[str, Any],
    seed: int,
) -> None:
    """Shards of other runs or other code are refused by name."""
    runs, tables = read_tsv(outcomes, RUN_OUTCOMES), []
    for parts, path, schema in (
        (moment_parts, moments, LOSS_MOMENTS),
        (tail_parts, tails, LOSS_TAILS),
        (entropy_parts, entropies, TILTED_ENTROPIES),
        (deviation_parts, deviations, BATCH_DEVIATIONS),
        (slice_parts, slices, LANDSCAPE_SLICES),
        (map_parts, maps, LANDSCAPE_MAPS),
    ):
        tables.append(merged_by_run(parts, runs, schema))
        write_tsv(tables[-1], path, schema)
    found, _, tilted, deviated, planes, _ = tables
    plane = phase_plane(runs, found, tilted, settings)
    write_tsv(boundaries(plane, settings, seed), boundary, CONVERGENCE_BOUNDARY)
    write_tsv(landscape_summary(runs, found, tilted, deviated, planes, settings), summary, LANDSCAPE_SUMMARY)


if "snakemake" in globals():
    run(main, snakemake)
