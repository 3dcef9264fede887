"""Put the measures of all shards together, and relate them to iterations, sizes, rates and batches."""

from collections.abc import Mapping, Sequence
from typing import Any

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.correlation_graphs.laws import graph_laws
from deepcrit.experiments.correlation_graphs.schemas import (
    CORRELATION_MEASURES,
    GRAPH_HISTOGRAMS,
    GRAPH_LAWS,
    GRAPH_MEASURES,
    SIZE_SLOPES,
    TRANSITION,
)
from deepcrit.experiments.correlation_graphs.transition import graph_trends, long_form, size_slopes, transitions
from deepcrit.experiments.sgd_runs.parts import merged_by_run
from deepcrit.experiments.sgd_runs.schemas import RUN_HISTORY, RUN_OUTCOMES
from deepcrit.stats.schemas import RANK_CORRELATIONS


def main(
    outcomes: str,
    run_history: str,
    correlation_parts: Sequence[str],
    graph_parts: Sequence[str],
    histogram_parts: Sequence[str],
    correlations: str,
    graphs: str,
    histograms: str,
    transition_table: str,
    slopes: str,
    laws: str,
    trends: str,
    settings: Mapping[str, Any],
    seed: int,
) -> None:
    """Shards of other runs or other code are refused by name."""
    runs, history = read_tsv(outcomes, RUN_OUTCOMES), read_tsv(run_history, RUN_HISTORY)
    found = []
    for parts, path, schema in (
        (correlation_parts, correlations, CORRELATION_MEASURES),
        (graph_parts, graphs, GRAPH_MEASURES),
        (histogram_parts, histograms, GRAPH_HISTOGRAMS),
    ):
        found.append(merged_by_run(parts, runs, schema))
        write_tsv(found[-1], path, schema)
    measures = long_form(found[0], found[1], history, settings["threshold"])
    single, means = transitions(runs, measures, settings["transition"])
    write_tsv(means, transition_table, TRANSITION)
    write_tsv(size_slopes(single, settings["threshold"]), slopes, SIZE_SLOPES)
    terminal = runs.loc[runs["sample"] == "terminal", "run"]
    pooled = found[2][found[2]["run"].isin(terminal)]
    fits = graph_laws(pooled, settings["transition"], settings["bootstrap_replicates"], seed)
    write_tsv(fits, laws, GRAPH_LAWS)
    write_tsv(graph_trends(single, settings["threshold"]), trends, RANK_CORRELATIONS)


if "snakemake" in globals():
    run(main, snakemake)
