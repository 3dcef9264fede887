"""Mean size against duration of one sample at one width, and its exponent on the declared ranges."""

from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.avalanches.scaling import SizeDurationSums, bootstrap_size_duration, duration_statistics
from deepcrit.avalanches.schemas import AVALANCHES, BLOCKS, GAMMAS, SIZE_DURATION
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_parquet, write_tsv


def main(
    avalanches: str,
    blocks: str,
    outputs: dict[str, str],
    sample: str,
    width: int,
    settings: dict[str, Any],
    confidence: float,
    seed: int,
) -> None:
    """Weighted regression of ln <S>_D on ln D; the interval resamples blocks, or networks where inputs share them."""
    point = {"sample": sample, "width": width}
    table = read_parquet(avalanches, AVALANCHES)
    kept = table[~table["censored"].to_numpy()]
    n_blocks = len(read_parquet(blocks, BLOCKS))
    statistics = duration_statistics(kept["duration"], kept["size"]).drop(columns="mean_log_size")
    write_tsv(statistics.assign(**point), outputs["size_duration"], SIZE_DURATION)
    declared = (*settings["ranges"][0], settings["minimum_counts"][0])
    rows = []
    for shortest, longest in settings["ranges"]:
        sums = SizeDurationSums.from_avalanches(
            kept["duration"], kept["size"], kept["block"], n_blocks=n_blocks, dmin=shortest, dmax=longest
        )
        for minimum_count in settings["minimum_counts"]:
            rng = generator(seed_key(seed, "fit_size_duration", f"{sample}/N{width}", longest))
            fit = bootstrap_size_duration(
                sums, rng, dmin=shortest, dmax=longest, replicates=settings["bootstrap_replicates"],
                minimum_count=minimum_count, confidence=confidence,
            )  # fmt: skip
            rows.append(
                {
                    **point,
                    "xmin": shortest,
                    "xmax": longest,
                    "minimum_count": minimum_count,
                    "declared": (shortest, longest, minimum_count) == declared,
                    "gamma": fit.gamma,
                    "standard_error": fit.standard_error,
                    "ci_low": fit.ci_low,
                    "ci_high": fit.ci_high,
                    "ci_method": f"{fit.interval}, {n_blocks} blocks",
                    "r_squared": fit.r_squared,
                    "largest_weight_share": fit.largest_weight_share,
                    "durations": fit.n_durations,
                    "n": fit.n_avalanches,
                }
            )
    write_tsv(pd.DataFrame(rows), outputs["gammas"], GAMMAS)


if "snakemake" in globals():
    with threadpool_limits(1):
        run(main, snakemake)
