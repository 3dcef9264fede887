"""Send a circle through the random networks of one shard, at every gain."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.manifolds.propagation import principal_components, propagate_circle
from deepcrit.experiments.manifolds.schemas import CIRCLE_PROJECTIONS, CIRCLE_SPECTRA

SHARES = 5


def main(
    spectra: str, projections: str, networks: Sequence[Mapping[str, Any]], circles: Mapping[str, Any], seed: int
) -> None:  # fmt: skip
    """Singular values of every network, and projections of the first of each index at the gains that are drawn."""
    rows, drawn = [], []
    # both ends included: without, half of an even number of points would be the other half up to a sign
    angles = np.linspace(0, 2 * np.pi, circles["angles"])
    for of in networks:
        rng = generator(seed_key(seed, "manifolds", f"circle/{of['alpha']!r}/N{of['width']}", of["network"]))
        with threadpool_limits(1):
            ends = propagate_circle(rng, of["width"], circles["depth"], of["alpha"], circles["gains"], angles)
            found = [principal_components(h) for h in ends]
        for gain, circle in zip(circles["gains"], found, strict=True):
            total = circle.singular_values.sum()
            shares = circle.singular_values[:SHARES] / total
            rows.append(
                {
                    **of,
                    "gain": gain,
                    "log10_total": np.log10(total),
                    "log10_top": np.log10(circle.singular_values[0]),
                    **{f"share_{place}": share for place, share in enumerate(shares, 1)},
                }
            )
            if of["network"] == 0 and gain in circles["drawn_gains"]:
                frame = pd.DataFrame(circle.projections, columns=["first", "second", "third"])
                drawn.append(frame.assign(alpha=of["alpha"], gain=gain, angle=angles))
    columns = [column.name for column in CIRCLE_PROJECTIONS.columns]
    write_tsv(pd.DataFrame(rows), spectra, CIRCLE_SPECTRA)
    write_tsv(pd.concat(drawn) if drawn else pd.DataFrame(columns=columns), projections, CIRCLE_PROJECTIONS)


if "snakemake" in globals():
    run(main, snakemake)
