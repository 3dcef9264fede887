"""Tails of weights, beside WeightWatcher 0.7.7 on the same network: how long, and what Gaussian weights are called.

Layers are square, of Gaussian weights, so that no tail is there to be found. deepcrit calls entries heavy-tailed where
the whole interval of their tail index lies below 1.95; WeightWatcher fits a power law to eigenvalues of W^T W, whose
exponent it reads as heavy-tailed up to 6 (Martin and Mahoney 2021). WeightWatcher is no part of the environment,
`pip install weightwatcher==0.7.7` adds it; without it its columns are empty, and stderr says so.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
import time
import warnings

import numpy as np
import pandas as pd
import torch
from sizes import size
from threadpoolctl import threadpool_limits

from deepcrit.diagnosis.measuring import quiet
from deepcrit.diagnosis.tails import measure_tails

WIDTH, LAYERS = size(400, 60), size(40, 3)
HEAVY_UP_TO = 6.0


def gaussian_network() -> torch.nn.Sequential:
    """Square layers of independent normal weights, of variance 1/N."""
    rng = np.random.default_rng(1)
    layers = [torch.nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(LAYERS)]
    for layer in layers:
        layer.weight.data = torch.from_numpy(rng.standard_normal((WIDTH, WIDTH), np.float32) / np.float32(WIDTH**0.5))
    return torch.nn.Sequential(*layers)


def weightwatcher(network: torch.nn.Module) -> tuple[float, float]:
    """Seconds, and the share of layers that it calls heavy-tailed; NaN where it is not installed."""
    if importlib.util.find_spec("weightwatcher") is None:
        print("weightwatcher is not installed: its columns are empty", file=sys.stderr)
        return np.nan, np.nan
    import weightwatcher as peer

    begin = time.perf_counter()
    # it says much on stdout, which is the table's
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        found = peer.WeightWatcher(model=network).analyze()
    return time.perf_counter() - begin, float((found["alpha"] <= HEAVY_UP_TO).mean())


def run() -> pd.DataFrame:
    """Both on one thread."""
    network = gaussian_network()
    with threadpool_limits(1):
        measure_tails(network[:1], 0, quiet)  # compiles
        begin = time.perf_counter()
        found = measure_tails(network, 0, quiet)
        seconds = time.perf_counter() - begin
        their_seconds, their_share = weightwatcher(network)
    what = f"tails of {LAYERS} Gaussian layers of {WIDTH} x {WIDTH}, nulls and rivals included; WeightWatcher 0.7.7"
    share = found["share_heavy"].value
    rows = [
        (what, seconds, their_seconds, "s", their_seconds / seconds, "", None),
        (f"{what}: share called heavy-tailed", share, their_share, "1", np.nan, "< 0.05", share < 0.05),
    ]
    columns = ["quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
    return pd.DataFrame(rows, columns=columns).assign(benchmark="diagnosis")


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
