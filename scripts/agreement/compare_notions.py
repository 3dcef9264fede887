"""Rank correlations among the notions and with what came of training, and what follows from them."""

from collections.abc import Sequence

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.agreement.findings import agreement_findings
from deepcrit.experiments.agreement.relations import agreement_correlations, edge_distances, population_table
from deepcrit.experiments.agreement.schemas import (
    AGREEMENT_CORRELATIONS,
    AGREEMENT_FINDINGS,
    AGREEMENT_HISTORY,
    AGREEMENT_MANIFEST,
    AGREEMENT_NETWORKS,
    AGREEMENT_NOTIONS,
)


def main(
    manifest: str, notions: Sequence[str], histories: Sequence[str], networks: str, correlations: str, findings: str,
    width: int, goal: float, edge_networks: int, edge_layers: int, replicates: int, agreeing: float, seed: int,
) -> None:  # fmt: skip
    """Shards of another manifest or other code are refused by name."""
    check_provenance([*notions, *histories], manifest)
    listed = read_tsv(manifest, AGREEMENT_MANIFEST)
    measured = pd.concat([read_parquet(part, AGREEMENT_NOTIONS) for part in notions])
    history = pd.concat([read_parquet(part, AGREEMENT_HISTORY) for part in histories])
    cells = listed[["cell", "alpha", "gain", "bias"]].drop_duplicates()
    with threadpool_limits(1):
        edges = edge_distances(cells, width, edge_networks, edge_layers, seed)
        table = population_table(listed, measured, history, edges, goal)
    write_tsv(table, networks, AGREEMENT_NETWORKS)
    rng = generator(seed_key(seed, "agreement", "bootstrap", 0))
    found = agreement_correlations(table, measured, rng, replicates, agreeing)
    write_tsv(found, correlations, AGREEMENT_CORRELATIONS)
    write_tsv(agreement_findings(found, agreeing), findings, AGREEMENT_FINDINGS)


if "snakemake" in globals():
    run(main, snakemake)
