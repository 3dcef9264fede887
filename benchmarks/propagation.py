"""Propagation against straightforward PyTorch: same widths, same depth, same cores, in one run."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from sizes import size
from threadpoolctl import threadpool_limits

from deepcrit.physics.propagation.annealed import simulate_annealed
from deepcrit.physics.propagation.network import gaussian_inputs, simulate_network
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import transfer_law

SPEC = NetworkSpec(size(1000, 25), size(3000, 100), 1.001)
INPUTS = size(5000, 100)
CORES = 2
TIMED_LAYERS = size(150, 5)
PROFILES = (20, size(500, 50))
NETWORKS_EACH = size(12, 1)
LAUNCHED = {"radial": size(400_000, 2_000), "annealed": size(4_000, 200)}
ANNEALED_JOBS = size(40, 2)  # many, so that one long avalanche at the end does not decide


def _rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))


def _networks(seed: int) -> int:
    with threadpool_limits(1):
        for k in range(NETWORKS_EACH):
            rng = _rng(1000 * seed + k)
            simulate_network(SPEC, gaussian_inputs(SPEC, INPUTS, rng), rng, PROFILES)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _radial(seed: int) -> int:
    return _kept(simulate_radial(SPEC, LAUNCHED["radial"], _rng(seed), PROFILES))


def _annealed(seed: int) -> int:
    return _kept(simulate_annealed(SPEC, LAUNCHED["annealed"], _rng(seed), PROFILES))


def _kept(block) -> int:
    return int((~block.censored).sum())


def _warm(_: int) -> None:
    """Compile before anything is timed."""
    simulate_radial(SPEC, 10, _rng(0), PROFILES)
    simulate_annealed(SPEC, 10, _rng(0), PROFILES)
    simulate_network(SPEC, gaussian_inputs(SPEC, 10, _rng(0)), _rng(0), PROFILES)


def _timed(job: Callable[[int], int], jobs: int, workers: int) -> tuple[float, list[int]]:
    """Wall time of some jobs on some worker processes, compiled beforehand, and what they returned."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_warm, range(workers)))
        start = time.perf_counter()
        results = list(pool.map(job, range(jobs)))
        return time.perf_counter() - start, results


def _torch_seconds() -> tuple[float, str]:
    baseline = Path(__file__).with_name("torch_baseline.py")
    options = {
        "width": SPEC.width,
        "depth": SPEC.depth,
        "inputs": INPUTS,
        "timed-layers": TIMED_LAYERS,
        "threads": CORES,
    }
    command = [
        sys.executable,
        str(baseline),
        *(text for key, value in options.items() for text in (f"--{key}", str(value))),
    ]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)
    return found["seconds"], found["torch"]


def run() -> pd.DataFrame:
    """One row a quantity; times are wall time on the same two cores."""
    torch_seconds, torch_version = _torch_seconds()
    kept_fraction = transfer_law(SPEC).kept_fraction
    torch_kept = torch_seconds / (INPUTS * kept_fraction)
    rows = []

    def add(quantity: str, ours: float, theirs: float | None, unit: str, target: str, met: bool) -> None:
        ratio = theirs / ours if theirs is not None else None
        rows.append(("propagation", quantity, ours, theirs, unit, ratio, target, met))

    torch_label = f"torch {torch_version}"
    seconds, peaks = _timed(_networks, CORES, CORES)
    network = seconds / (CORES * NETWORKS_EACH)
    what = f"N = {SPEC.width}, L = {SPEC.depth}"
    add(f"network, {what}, {INPUTS} inputs; {torch_label}", network, torch_seconds, "s a network", ">= 50 times",
        torch_seconds / network >= 50)  # fmt: skip
    peak = max(peaks) / 1024
    add("network, peak memory", peak, None, "MB", "< 1000", peak < 1000)
    for name, job, target in (("annealed", _annealed, 100), ("radial", _radial, 5000)):
        seconds, kept = _timed(job, 4, CORES)
        each = seconds / sum(kept)
        add(f"{name}, a kept avalanche, {what}; {torch_label}", each, torch_kept, "s", f">= {target} times",
            torch_kept / each >= target)  # fmt: skip
    for width, offset in ((25, 0.03), (1000, 0.001)):
        spec = NetworkSpec(width, SPEC.depth, 1 + offset)
        transfer_law(spec)
        start = time.perf_counter()
        transfer_law(spec)
        seconds = time.perf_counter() - start
        add(f"transfer, N = {width}, L = {SPEC.depth}", seconds, None, "s", "< 1 s", seconds < 1)
    one, _ = _timed(_annealed, ANNEALED_JOBS, 1)
    two, _ = _timed(_annealed, ANNEALED_JOBS, 2)
    add("annealed, two cores over one", two, one, "s", ">= 1.8 times", one / two >= 1.8)
    columns = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
    return pd.DataFrame(rows, columns=columns)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
