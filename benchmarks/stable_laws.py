"""Stable laws, timed: density, variates, and fits of single tensors and of all weights of ten networks.

The alternatives are scipy, Chambers-Mallows-Stuck variates compiled by numba, and the package levy-stable 2.0 where it
can be imported. It is under the GPL and no requirement of this project; to see it beside ours, put it in a directory
of its own:

    pip install --no-deps --target DIRECTORY levy-stable==2.0.0
    PYTHONPATH=DIRECTORY python benchmarks/stable_laws.py

All work is on one thread. Compilation and the table of laws (0.1 s, once a process) are not timed.
"""

import importlib
import math
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.stats
from sizes import TOY, size

from deepcrit.stats import stable
from deepcrit.stats.stable.tables import corrections, normal_law

COLUMNS = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
POINTS = size(1_000_000, 5_000)
THIRD_CONVOLUTION = size(663_552, 2_000)
"""Weights of the third convolution of AlexNet."""

NETWORKS = (
    "alexnet",
    "resnet18",
    "resnet34",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "wide_resnet50_2",
    "wide_resnet101_2",
)


def levy_stable() -> Any:
    """The package, or None where it is not installed."""
    try:
        return importlib.import_module("levy")
    except ImportError:
        return None


def seconds(task: Callable[[], object], repeats: int = 3) -> float:
    """Shortest wall-clock time of a few calls."""
    best = math.inf
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
    return best


def row(quantity: str, ours: float, other: float, unit: str, target: str, met: bool | None) -> tuple[object, ...]:
    return ("stable_laws", quantity, ours, other, unit, other / ours, target, met)


def fourier(x: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Density and P(X > x) from the Fourier integral, without table or series."""
    parts = zip(normal_law(x), corrections(x, np.array([alpha])), strict=True)
    density, survival = (normal + (2 - alpha) * part[:, 0] for normal, part in parts)
    return density, survival


def table_error() -> float:
    """Largest relative error of density and P(X > x) where the density is above 1e-12 of its maximum."""
    x = np.concatenate([np.linspace(0, 16, 4000), np.geomspace(16, 40, 200)])
    alphas = np.concatenate([np.random.default_rng(1).uniform(0.5, 2, 60), 2 - np.geomspace(1e-12, 0.1, 30)])
    worst = 0.0
    for alpha in alphas:
        exact = fourier(x, alpha)
        large = exact[0] > 1e-12 * exact[0][0]
        for function, truth in zip((stable.density, stable.survival), exact, strict=True):
            worst = max(worst, float(np.abs(function(x, alpha) / truth - 1)[large].max()))
    return worst


def weight_counts() -> list[int]:
    """Entries of every weight tensor of two or more dimensions of the ten networks, from their architectures."""
    import torch
    import torchvision

    with torch.device("meta"):
        models = [torchvision.models.get_model(name) for name in NETWORKS]
    counts = [p.numel() for model in models for p in model.parameters() if p.dim() > 1]
    return [min(count, POINTS) for count in counts[:3]] if TOY else counts


def fit_all(counts: list[int], rivals: bool) -> tuple[float, float]:
    """Seconds to group and fit synthetic float32 tensors of these sizes, and peak memory of the process in MB."""
    rng = np.random.default_rng(1)
    stable.fit(stable.sample(rng, 1000, 1.9).astype(np.float32))
    taken = 0.0
    for index, count in enumerate(counts):
        weights = np.empty(count, np.float32)
        for start in range(0, count, POINTS):
            part = weights[start : start + POINTS]
            part[:] = stable.sample(rng, part.size, 1.3 + 0.7 * (index % 8) / 7, 0.02)
        begin = time.perf_counter()
        grouped = stable.group(weights)
        fit = stable.fit(grouped)
        stable.quantile_estimate(grouped)
        if rivals:
            for rival in stable.RIVALS:
                stable.compare(grouped, fit, rival)
        taken += time.perf_counter() - begin
        assert fit.converged
    peak = next(
        line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")
    )
    return taken, int(peak.split()[1]) / 1024


def run() -> pd.DataFrame:
    """One row per measurement; an alternative that is not installed is left out."""
    levy = levy_stable()
    rng = np.random.default_rng(1)
    rows = []
    x = stable.sample(rng, POINTS, 1.5)
    for function, name in ((stable.density, "density"), (stable.distribution, "distribution")):
        function(x, 1.5)
        ours = seconds(lambda function=function: function(x, 1.5)) / POINTS * 1e6
        if levy is not None:
            peer = levy.pdf if name == "density" else levy.cdf
            other = seconds(lambda peer=peer: peer(x, alpha=1.5, beta=0.0), 1) / POINTS * 1e6
            rows.append(row(f"{name}; levy-stable 2.0", ours, other, "us a point", ">= 10 times", other >= 10 * ours))
        few = x[: size(300, 5)]
        method = scipy.stats.levy_stable.pdf if name == "density" else scipy.stats.levy_stable.cdf
        other = seconds(lambda method=method, few=few: method(few, 1.5, 0), 1) / few.size * 1e6
        rows.append(row(f"{name}; scipy", ours, other, "us a point", ">= 1000 times", other >= 1000 * ours))
    error = table_error()
    rows.append(row("relative error of density and distribution", error, math.nan, "1", "< 1e-6", error < 1e-6))
    if levy is not None:
        near = np.linspace(40, 48, 400)
        for function, peer, name in ((stable.density, levy.pdf, "density"), (stable.survival, levy.cdf, "tail")):
            truth = fourier(near, 1.5)[0 if name == "density" else 1]
            theirs = peer(near if name == "density" else -near, alpha=1.5, beta=0.0)
            ours, other = (float(np.abs(values / truth - 1).max()) for values in (function(near, 1.5), theirs))
            what = f"relative error of the {name} at 40 < x < 48, alpha = 1.5; levy-stable 2.0"
            rows.append(row(what, ours, other, "1", "< 1e-6", ours < 1e-6))

    for alpha in (0.5, 1.2, 1.5, 1.9):
        for draw in (stable.sample, stable.sample_exactly):
            draw(rng, 10, alpha)
        ours, other = (
            4 * POINTS / seconds(lambda draw=draw, alpha=alpha: draw(rng, 4 * POINTS, alpha)) / 1e6
            for draw in (stable.sample, stable.sample_exactly)
        )
        what = f"variates, alpha = {alpha}; Chambers-Mallows-Stuck in numba"
        rows.append(("stable_laws", what, ours, other, "1e6/s", ours / other, ">= 3 times", ours >= 3 * other))

    weights = stable.sample(rng, THIRD_CONVOLUTION, 1.8, 0.02)
    stable.fit(weights[:1000])
    ours = seconds(lambda: stable.fit(weights))
    what = f"maximum likelihood of {THIRD_CONVOLUTION} values with intervals"
    if levy is not None:
        other = seconds(lambda: levy.fit(weights, beta=0.0, mu=0.0), 1)
        rows.append(row(f"{what}; levy-stable 2.0, no intervals", ours, other, "s", "< 1 s", ours < 1))
    few = weights[: size(50, 5)]
    per_value = seconds(lambda: scipy.stats.levy_stable.fit(few, f1=0, floc=0), 1) / few.size
    other = per_value * THIRD_CONVOLUTION
    rows.append(row(f"{what}; scipy, extrapolated from {few.size} values", ours, other, "s", "< 1 s", ours < 1))
    grouped = stable.group(weights)
    ours = seconds(lambda: stable.group(weights)) / THIRD_CONVOLUTION * 1e9
    rows.append(row("grouping", ours, math.nan, "ns a value", "reported", None))
    ours = seconds(lambda: stable.fit(grouped)) * 1e3
    rows.append(row("the same fit from counts", ours, math.nan, "ms", "reported", None))
    fit = stable.fit(grouped)
    ours = seconds(lambda: [stable.compare(grouped, fit, rival) for rival in stable.RIVALS]) * 1e3
    rows.append(row("four rivals on the same counts", ours, math.nan, "ms", "reported", None))
    ours = seconds(lambda: stable.goodness_of_fit(grouped, fit, rng, replicates=size(99, 5)), 1)
    rows.append(row("goodness of fit, 99 sets drawn and fitted", ours, math.nan, "s", "reported", None))

    counts = weight_counts()
    what = f"all {len(counts)} weight tensors of ten networks, {sum(counts) / 1e6:.0f}e6 entries"
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for rivals, name in ((False, "fits"), (True, "fits and four rivals")):
            ours, memory = pool.apply(fit_all, (counts, rivals))
            rows.append(row(f"{what}: {name}", ours, math.nan, "s", "< 300 s", ours < 300))
            rows.append(row(f"{what}: {name}, peak memory", memory, math.nan, "MB", "< 2000", memory < 2000))
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
