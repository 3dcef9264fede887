"""Mean avalanche size at every point of the plane, simulated and exact, by each way of counting."""

from collections.abc import Sequence

import pandas as pd

from deepcrit.core.jobs import run
from deepcrit.core.tables import REMEDY, TableError, read_parquet, read_tsv, write_tsv
from deepcrit.experiments.susceptibility.mean_sizes import COUNTINGS, counted, mean_of_blocks
from deepcrit.experiments.susceptibility.plane import POINT_KEYS
from deepcrit.experiments.susceptibility.schemas import EXACT_PLANE, PLANE_BLOCKS, SIZE_PLANE


def main(blocks: Sequence[str], exact: Sequence[str], table: str, confidence: float, minimum_avalanches: int) -> None:
    """One row a point and way of counting."""
    rows = []
    sums = pd.concat([read_parquet(path, PLANE_BLOCKS) for path in blocks])
    for keys, point in sums.groupby(POINT_KEYS, sort=False):
        launched = int(point["launched"].sum())
        for counting in COUNTINGS:
            found = mean_of_blocks(*counted(point, counting), confidence, minimum_avalanches)
            rows.append(
                {
                    **dict(zip(POINT_KEYS, keys, strict=True)),
                    "counting": counting,
                    "launched": launched,
                    "avalanches": found.avalanches,
                    "censored_fraction": point["censored"].sum() / launched,
                    "mean_size": found.mean,
                    "standard_error": found.standard_error,
                    "ci_low": found.low,
                    "ci_high": found.high,
                    "ci_method": f"Student's t, ratio over {len(point)} blocks",
                }
            )
    laws = pd.concat([read_tsv(path, EXACT_PLANE) for path in exact]).drop(columns=["share", "derivative"])
    laws = laws.rename(columns={name: f"exact_{name}" for name in ("censored_fraction", "mean_size")})
    keys = [*POINT_KEYS, "counting"]
    merged = pd.DataFrame(rows).merge(laws, on=keys, how="outer", validate="one_to_one", indicator="found")
    alone = merged[merged["found"] != "both"]
    if len(alone):
        where = ", ".join(f"{key} {value}" for key, value in alone[keys].iloc[0].items())
        side = "simulated" if alone["found"].iloc[0] == "left_only" else "solved"
        raise TableError(f"shards of the plane: found {len(alone)} points only {side}, the first at {where}; {REMEDY}")
    merged = merged.drop(columns="found")
    write_tsv(merged.sort_values([*POINT_KEYS, "counting"]), table, SIZE_PLANE)


if "snakemake" in globals():
    run(main, snakemake)
