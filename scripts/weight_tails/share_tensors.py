"""Put the tensors of all shards in one order, and say what share of them is heavy-tailed."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.provenance import check_provenance
from deepcrit.core.tables import read_parquet, read_tsv, write_tsv
from deepcrit.experiments.weight_tails.networks import NAMED, PACKAGED_NETWORKS
from deepcrit.experiments.weight_tails.schemas import WEIGHT_BAND, WEIGHT_NETWORKS, WEIGHT_SHARES, WEIGHT_TENSORS
from deepcrit.experiments.weight_tails.shares import ShareLevels, weight_shares


def main(
    parts: Sequence[str], read: Sequence[str], band: str, tensors: str, networks: str, shares: str,
    levels: Mapping[str, Any],
) -> None:  # fmt: skip
    """Tables do not depend on the number of shards."""
    check_provenance([*parts, *read])
    every = _in_order(pd.concat([read_parquet(part, WEIGHT_TENSORS) for part in parts]))
    states = _in_order(pd.concat([read_parquet(part, WEIGHT_NETWORKS) for part in read]))
    write_tsv(every, tensors, WEIGHT_TENSORS)
    write_tsv(states, networks, WEIGHT_NETWORKS)
    write_tsv(weight_shares(every, states, ShareLevels(**levels), read_tsv(band, WEIGHT_BAND)), shares, WEIGHT_SHARES)


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Networks in the order of the configuration's choices, own ones by name; tensors as they are in their files."""
    known = {name: place for place, name in enumerate([*NAMED, *PACKAGED_NETWORKS])}
    place = [
        known[name] if source != "own" else len(known)
        for name, source in zip(*(rows[column] for column in ("network", "source")), strict=True)
    ]
    own = rows["network"].where(rows["source"] == "own", "")
    return (
        rows.assign(place=place, own=own)
        .sort_values(["place", "own"], kind="stable", ignore_index=True)
        .drop(columns=["place", "own"])
    )


if "snakemake" in globals():
    run(main, snakemake)
