"""Power-law fits, timed: four million values on a fixed range, and the choice of xmin.

The alternative is the powerlaw package (2.0) on the same data and the same cores. Its scan takes every distinct value
as a candidate and compares left limits only, so the like-for-like row does the same; the row after it times the exact
distance. All work is on one thread. Compilation is not timed: every kernel is called once before.

    python benchmarks/power_law_fits.py
"""

import math
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from sizes import size

from deepcrit.avalanches.powerlaws import (
    XminScan,
    compare_alternatives,
    compress,
    fit_continuous,
    fit_discrete,
    goodness_continuous,
    goodness_discrete,
    log_spaced_candidates,
    sample_continuous,
    sample_discrete,
    scan_xmin,
)

COLUMNS = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
POINTS = size(4_000_000, 20_000)
CANDIDATES = size(220, 20)
DISTINCT = size(10_000, 300)


def seconds(task: Callable[[], object], repeats: int = 3) -> float:
    """Shortest wall-clock time of a few calls."""
    best = math.inf
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
    return best


def kneed_sample(rng: np.random.Generator, n: int) -> np.ndarray:
    """A lognormal body with a power-law tail of exponent 2.5 above x = 1: the best xmin lies inside the data."""
    x = np.exp(rng.normal(size=n))
    tail = x > 1
    x[tail] = sample_continuous(rng, int(tail.sum()), 2.5, 1.0, None)
    return x


def powerlaw_scan(sample: np.ndarray) -> tuple[float, float, float]:
    """Time, xmin and exponent of the powerlaw package's scan over every distinct value."""
    import powerlaw

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        fit = powerlaw.Fit(sample, verbose=0)
        return time.perf_counter() - start, float(fit.xmin), float(fit.alpha)


def run() -> pd.DataFrame:
    """One row per timing; times in seconds."""
    rng = np.random.default_rng(2009)
    rows: list[tuple[object, ...]] = []

    def timed(quantity: str, task: Callable[[], object], limit: float | None) -> None:
        taken = seconds(task)
        target = "reported" if limit is None else f"< {limit:g} s"
        met = None if limit is None else taken < limit
        rows.append(("power_law_fits", quantity, taken, math.nan, "s", math.nan, target, met))

    small = sample_continuous(rng, 2000, 1.5, 1.0, 1000.0)
    whole = sample_discrete(rng, 2000, 1.5, 20, 1000)
    fit_continuous(small, 1.0, 1000.0)
    fit_discrete(whole, 20, 1000)
    scan_xmin(small, minimum=2)
    compare_alternatives(small, 1.0, 1000.0)
    goodness_continuous(small, 1.0, 1000.0, rng, (100,), 1, 2)
    goodness_discrete(whole, 20, 1000, rng, (100,), 1, 2)

    sizes = sample_continuous(rng, POINTS, 4 / 3, 1.0, 1000.0)
    durations = sample_discrete(rng, POINTS, 1.5, 20, 1000)
    values, counts = compress(durations)
    timed(
        "fit of 4e6 real values on [1, 1000], interval and KS distance", lambda: fit_continuous(sizes, 1.0, 1000.0), 2.0
    )
    timed(
        "fit of 4e6 whole numbers on [20, 1000], compression, interval and KS distance",
        lambda: fit_discrete(durations, 20, 1000),
        2.0,
    )
    timed("four alternatives, 4e6 real values", lambda: compare_alternatives(sizes, 1.0, 1000.0), 10.0)
    timed(
        "four alternatives, 4e6 whole numbers as counts",
        lambda: compare_alternatives(values, 20, 1000, counts=counts),
        10.0,
    )
    timed(
        "goodness of fit, sizes 1e3, 1e4, 1e5, 5 subsamples of 100 replicates, real values",
        lambda: goodness_continuous(sizes, 1.0, 1000.0, rng),
        2.0,
    )
    timed(
        "goodness of fit, sizes 1e3, 1e4, 1e5, 5 subsamples of 100 replicates, whole numbers",
        lambda: goodness_discrete(values, 20, 1000, rng, counts=counts),
        2.0,
    )
    candidates = np.geomspace(1.0, 900.0, CANDIDATES)
    timed(
        f"xmin scan, 4e6 values, {CANDIDATES} candidates, xmax = 1000",
        lambda: scan_xmin(sizes, candidates, 1000.0),
        10.0,
    )
    unbounded = log_spaced_candidates(sizes, CANDIDATES)
    timed(f"xmin scan, 4e6 values, {unbounded.size} candidates, no xmax", lambda: scan_xmin(sizes, unbounded), 10.0)

    sample = kneed_sample(rng, DISTINCT)
    taken, xmin, exponent = powerlaw_scan(sample)
    found: list[XminScan] = []
    left = seconds(lambda: found.append(scan_xmin(sample, minimum=2, limits="left")))
    exact = seconds(lambda: scan_xmin(sample, minimum=2))
    rows.append(
        (
            "xmin_scan",
            "every distinct value of 1e4 as xmin, left limits",
            left,
            taken,
            "s",
            taken / left,
            ">= 25",
            taken >= 25 * left,
        )
    )
    rows.append(
        (
            "xmin_scan",
            "every distinct value of 1e4 as xmin, exact distance",
            exact,
            taken,
            "s",
            taken / exact,
            ">= 25",
            taken >= 25 * exact,
        )
    )
    for name, ours, theirs in (("xmin", found[0].xmin, xmin), ("exponent", found[0].exponent, exponent)):
        rows.append(
            (
                "xmin_scan",
                f"{name} chosen, left limits",
                ours,
                theirs,
                "",
                ours / theirs,
                "equal to 1e-6",
                abs(ours - theirs) < 1e-6,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
