"""All weight tensors of the ten networks of qu2022, measured as the workflow does: fits, four rivals, and three tests.

Entries are synthetic, of the same sizes, stable with alpha from 1.3 to 2, in single precision. Two processes share the
tensors, largest first; memory is that of both at their peaks. Drawing entries is not timed, nor is compilation.
"""

import multiprocessing
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sizes import TOY, size

from deepcrit.physics.heavytails.weights import TensorSettings, measure_tensor
from deepcrit.stats import stable

COLUMNS = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
SETTINGS = TensorSettings(shapiro_entries=size(1_000_000, 5_000), replicates=size(19, 1))
DRAWN = 1_000_000  # at a time, so that single precision is all that is held
PROCESSES = 2


def sizes_of_tensors() -> list[int]:
    """Entries of every tensor, from the architectures; in a process of its own, which torch leaves with it."""
    import torch
    import torchvision

    from deepcrit.experiments.weight_tails.networks import NAMED
    from deepcrit.pretrained.weight_files import is_weight

    with torch.device("meta"):
        models = [torchvision.models.get_model(name, weights=None) for name in NAMED]
    named = [pair for model in models for pair in model.named_parameters()]
    counts = [parameter.numel() for name, parameter in named if is_weight(name, tuple(parameter.shape))]
    return [min(count, 5_000) for count in counts[:6]] if TOY else counts


def measure_share(counts: list[int]) -> tuple[float, float]:
    """Seconds that the tensors of one process take, and its peak memory in MB."""
    rng = np.random.default_rng(1)
    measure_tensor(stable.sample(rng, 1000, 1.9).astype(np.float32), rng, SETTINGS, tested=True)
    taken = 0.0
    for index, count in enumerate(counts):
        weights = np.empty(count, np.float32)
        for start in range(0, count, DRAWN):
            part = weights[start : start + DRAWN]
            part[:] = stable.sample(rng, part.size, 1.3 + 0.7 * (index % 8) / 7, 0.02)
        begin = time.perf_counter()
        measure_tensor(weights, rng, SETTINGS, tested=True)
        taken += time.perf_counter() - begin
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = next(line for line in status if line.startswith("VmHWM"))
    return taken, int(peak.split()[1]) / 1024


def run() -> pd.DataFrame:
    """The longer of both processes, and the memory of both."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        counts = sorted(pool.apply(sizes_of_tensors), reverse=True)
    with context.Pool(PROCESSES) as pool:
        done = pool.map(measure_share, [counts[share::PROCESSES] for share in range(PROCESSES)], chunksize=1)
    seconds, memory = max(taken for taken, _ in done), sum(peak for _, peak in done)
    what = f"measuring {len(counts)} weight tensors of ten networks, {sum(counts) / 1e6:.0f}e6 entries, on two cores"
    rows = [
        ("weight_tails", what, seconds, np.nan, "s", np.nan, "< 300 s", seconds < 300),
        ("weight_tails", f"{what}: memory of both", memory, np.nan, "MB", np.nan, "< 2000", memory < 2000),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
