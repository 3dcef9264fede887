"""Follow losses of images and weights of one network, one by one."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.data.mnist import CLASSES, load
from deepcrit.experiments.fluxes.flow import losses_of
from deepcrit.experiments.fluxes.schemas import FLUX_TRAJECTORIES
from deepcrit.experiments.sgd_runs.schemas import SGD_RUNS
from deepcrit.training.snapshots import read_snapshots


def main(
    runs: str, snapshots: Sequence[str], mnist: Sequence[str], followed: str, kept: Sequence[int], trajectories: int,
    seed: int,
) -> None:  # fmt: skip
    """The widest network of the sample ``terminal``, of the first seed; weights are drawn at random."""
    table = read_tsv(runs, SGD_RUNS)
    terminal = table[table["sample"] == "terminal"]
    one = terminal[(terminal["hidden"] == terminal["hidden"].max()) & (terminal["seed"] == 0)].head(1)
    pixels, labels = load(Path(mnist[0]).parent, "train")
    flat = pixels[:trajectories].reshape(-1, pixels[0].size).astype(np.float32) / np.float32(255.0)
    digits = labels[:trajectories].astype(np.int64)
    ((row, network),) = read_snapshots(snapshots, one, flat.shape[1], CLASSES, kept)
    sizes = [weights.size for weights in network.parameters[0][0]]
    chosen = generator(seed_key(seed, "fluxes", "trajectories", 0)).integers(0, sum(sizes), trajectories)
    parts = []
    with threadpool_limits(1):
        for iteration, parameters in zip(network.iterations, network.parameters, strict=True):
            losses = losses_of(parameters, row.activation, flat, digits)
            weights = np.concatenate([part.ravel() for part in parameters[0]])[chosen]
            for quantity, values in (("loss", losses), ("weight", weights)):
                frame = pd.DataFrame({"number": np.arange(values.size), "value": values})
                parts.append(frame.assign(run=row.run, iteration=iteration, quantity=quantity))
    write_tsv(pd.concat(parts), followed, FLUX_TRAJECTORIES)


if "snakemake" in globals():
    run(main, snakemake)
