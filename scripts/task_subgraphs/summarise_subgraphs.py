"""Put the graphs of all shards together, and relate them to sizes, mobilities, digits and iterations."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.sgd_runs.parts import merged_by_run
from deepcrit.experiments.sgd_runs.schemas import RUN_OUTCOMES
from deepcrit.experiments.task_subgraphs.ageing import ageing
from deepcrit.experiments.task_subgraphs.laws import subgraph_laws
from deepcrit.experiments.task_subgraphs.schemas import (
    COUPLING_AGEING,
    COUPLING_COSTS,
    SUBGRAPH_EDGES,
    SUBGRAPH_FAMILIES,
    SUBGRAPH_LAWS,
    SUBGRAPH_PIXELS,
    SUBGRAPH_SUMMARY,
    TASK_SUBGRAPHS,
)
from deepcrit.experiments.task_subgraphs.summary import subgraph_summary


def main(
    outcomes: str,
    graph_parts: Sequence[str],
    family_parts: Sequence[str],
    edge_parts: Sequence[str],
    pixel_parts: Sequence[str],
    coupling_parts: Sequence[str],
    graphs: str,
    families: str,
    edges: str,
    pixels: str,
    couplings: str,
    ageings: str,
    laws: str,
    summary: str,
    accuracy_loss: float,
    bootstrap_replicates: int,
    seed: int,
) -> None:
    """Shards of other runs or other code are refused by name."""
    runs, tables = read_tsv(outcomes, RUN_OUTCOMES), []
    for parts, path, schema in (
        (graph_parts, graphs, TASK_SUBGRAPHS),
        (family_parts, families, SUBGRAPH_FAMILIES),
        (edge_parts, edges, SUBGRAPH_EDGES),
        (pixel_parts, pixels, SUBGRAPH_PIXELS),
        (coupling_parts, couplings, COUPLING_COSTS),
    ):
        tables.append(merged_by_run(parts, runs, schema))
        write_tsv(tables[-1], path, schema)
    found, together, _, _, costs = tables
    aged = pd.DataFrame(
        [
            {"run": run_name, "digit": digit} | ageing(of["iteration"].to_numpy(), of["cost"].to_numpy())
            for (run_name, digit), of in costs.groupby(["run", "digit"], sort=False)
        ],
        columns=[column.name for column in COUPLING_AGEING.columns],
    )
    write_tsv(aged, ageings, COUPLING_AGEING)
    judged = found[(found["stage"] == "pruned") & (found["accuracy_loss"] == accuracy_loss) & (found["edges"] > 0)]
    trained = judged[judged["iteration"] > 0].merge(runs.loc[~runs["shuffled"], ["run", "neurons"]], on="run")
    write_tsv(subgraph_laws(trained, bootstrap_replicates, seed), laws, SUBGRAPH_LAWS)
    means = subgraph_summary(found, together, costs, aged, runs, accuracy_loss, bootstrap_replicates, seed)
    write_tsv(means, summary, SUBGRAPH_SUMMARY)


if "snakemake" in globals():
    run(main, snakemake)
