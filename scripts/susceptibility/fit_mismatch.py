"""How far exponents at every point of the plane are from the crackling-noise relation."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.avalanches.scaling import FitRanges, exponent_mismatch
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, write_tsv
from deepcrit.experiments.susceptibility.plane import POINT_KEYS
from deepcrit.experiments.susceptibility.schemas import MISMATCH, PLANE_AVALANCHES, PLANE_BLOCKS


def main(
    avalanches: Sequence[str],
    blocks: Sequence[str],
    table: str,
    mismatch: Mapping[str, Any],
    minimum_avalanches: int,
    bootstrap_replicates: int,
    confidence: float,
    seed: int,
) -> None:
    """One row a point, with the avalanches counted and no value where too few of them ended inside the network."""
    kept = pd.concat([read_parquet(path, PLANE_AVALANCHES) for path in avalanches])
    ended = dict(list(kept.groupby(POINT_KEYS)))
    sums = pd.concat([read_parquet(path, PLANE_BLOCKS) for path in blocks])
    rows = []
    for keys, point in sums.groupby(POINT_KEYS):
        network, width, depth, sw2, sb2, _ = keys
        declared = ranges_at(width, depth, mismatch)
        here = ended.get(keys, kept.iloc[:0])
        found = exponent_mismatch(
            here["duration"], here["size"], here["block"], declared,
            generator(seed_key(seed, "fit_mismatch", f"{network}/{sw2:.12g}/{sb2:.12g}", 0)),
            n_blocks=len(point), replicates=bootstrap_replicates, minimum=minimum_avalanches,
            minimum_count=mismatch["minimum_count"], confidence=confidence,
        )  # fmt: skip
        rows.append(
            {
                **dict(zip(POINT_KEYS, keys, strict=True)),
                "avalanches": len(here),
                **vars(declared),
                **vars(found),
                "ci_method": f"{found.ci_method}, {len(point)} blocks",
            }
        )
    write_tsv(pd.DataFrame(rows), table, MISMATCH)


def ranges_at(width: int, depth: int, ranges: Mapping[str, Any]) -> FitRanges:
    """Declared ranges: durations up to a share of the depth, and the sizes that a random walk has at their ends."""
    durations = ranges["shortest"], int(ranges["longest_share"] * depth)
    smallest, largest = ((d / ranges["duration_of_unit_size"]) ** 1.5 / width**0.5 for d in durations)
    return FitRanges(*durations, smallest, largest)


if "snakemake" in globals():
    with threadpool_limits(1):
        run(main, snakemake)
