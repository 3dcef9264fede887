"""Find the gains of one width, and write the manifest of its avalanches: blocks of every index and gain."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from deepcrit.avalanches.blocks import make_manifest
from deepcrit.avalanches.offsets import levy_drift_free_weight_variance
from deepcrit.avalanches.schemas import MANIFEST
from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.levy_avalanches.schemas import LEVY_GAINS
from deepcrit.physics.heavytails import ordered_gain


def main(
    manifest: str, gains: str, settings: Mapping[str, Any], alphas: Sequence[float], points: Sequence[float | None],
    blocks: int, launched: Sequence[int], drift_layers: int, seed: int, width: int,
) -> None:  # fmt: skip
    """Weights of gain g have the variance g^2 of the Gaussian ones at alpha = 2.

    Args:
        manifest: output.
        gains: output.
        settings: what defines all blocks.
        alphas: indices of stability.
        points: gains over that of the ordered line, None for the drift-free one.
        blocks: at each point.
        launched: avalanches of a block at the drift-free gain, and at others.
        drift_layers: through which a weak signal grows.
        seed: root seed.
        width: N.
    """
    rows, parts = [], []
    for alpha in alphas:
        line = ordered_gain(alpha)
        for point in points:
            name = f"alpha{alpha!r}/{'drift_free' if point is None else point!r}"
            if point is None:
                rng = generator(seed_key(seed, "levy_avalanches", f"{name}/N{width}", 0))
                variance, error = levy_drift_free_weight_variance(alpha, width, drift_layers, rng)
                gain, error = float(np.sqrt(variance)), error / (2 * float(np.sqrt(variance)))
            else:
                gain, error = point * line, 0.0
            each = launched[0] if point is None else launched[1]
            keys = {**settings, "blocks": blocks, "launched": each, "levy_alpha": alpha}
            rows.append(
                (alpha, width, gain / line, point is None, gain, error, len(parts) * blocks, blocks, each * blocks)
            )
            parts.append(make_manifest(keys, width, gain**2, seed, "levy_avalanches", name))
    whole = pd.concat(parts, ignore_index=True)
    write_tsv(whole.assign(block=range(len(whole))), manifest, MANIFEST)
    write_tsv(pd.DataFrame(rows, columns=[column.name for column in LEVY_GAINS.columns]), gains, LEVY_GAINS)


if "snakemake" in globals():
    run(main, snakemake)
