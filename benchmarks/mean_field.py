"""Mean field: a plane of steady states and susceptibilities, against iterating the map, and its accuracy."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from scipy.integrate import quad
from scipy.optimize import brentq
from sizes import size

from deepcrit.physics.meanfield import steady_state

SW2 = np.linspace(0.8, 1.6, size(200, 12))
SB2 = 10.0 ** np.append(-np.inf, np.linspace(-6.0, -2.2, 19))
CHECKED = size(40, 3)  # points held against adaptive quadrature
SETTLED = 1e-9  # relative step at which iteration stops
MOST_ITERATIONS = size(20_000, 100)
ALTERNATIVE_COLUMNS = 10  # of the plane that are iterated; the time is scaled up


def _seconds(job) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _iterate(sw2: np.ndarray, sb2: np.ndarray) -> np.ndarray:
    """The usual way: iterate q' = sw2 V(q) + sb2, V by 201 Gauss-Hermite nodes, until q moves no more.

    Points that have settled are left out.
    """
    x, weights = np.polynomial.hermite_e.hermegauss(201)
    weights = weights / weights.sum()
    sw2, sb2 = (values.ravel() for values in np.broadcast_arrays(sw2, sb2))
    q = np.ones(sw2.size)
    moving = np.arange(sw2.size)
    for _ in range(MOST_ITERATIONS):
        at = q[moving]
        new = sw2[moving] * (np.tanh(np.sqrt(at)[:, None] * x) ** 2 @ weights) + sb2[moving]
        q[moving] = new
        moving = moving[np.abs(new - at) > SETTLED * new]
        if not moving.size:
            break
    return q


def _reference(sw2: float, sb2: float, near: float) -> float:
    """The fixed point by adaptive quadrature of x^2 - tanh(sqrt(q) x)^2 / q and bracketing."""

    def excess(q: float) -> float:
        s = np.sqrt(q)

        def lost(x: float) -> float:
            u = s * x
            gap = u * u * (2 / 3 - 17 * u * u / 45) if u < 1e-3 else 1 - (np.tanh(u) / u) ** 2
            return 2 * x * x * gap * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)

        deficit = sum(quad(lost, *ends, epsabs=0, epsrel=1e-12)[0] for ends in ((0, 3), (3, 10)))
        return q * (1 - sw2 + sw2 * deficit) - sb2

    return float(brentq(excess, 0.99 * near, 1.01 * near, xtol=1e-300, rtol=1e-14))


def run() -> pd.DataFrame:
    """One row a quantity; times on one core."""
    steady_state(SW2[None, :5], SB2[:, None], "tanh")
    ours = min(_seconds(lambda: steady_state(SW2[None, :], SB2[:, None], "tanh")) for _ in range(5))
    columns = SW2[:: len(SW2) // ALTERNATIVE_COLUMNS]
    iterated = _seconds(lambda: _iterate(columns[None, :], SB2[:, None])) * len(SW2) / len(columns)
    rng = np.random.default_rng(0)
    worst = 0.0
    for sw2, sb2 in zip(rng.choice(SW2, CHECKED), rng.choice(SB2, CHECKED), strict=True):
        q = float(steady_state(sw2, sb2, "tanh").q)
        if q > 0:
            worst = max(worst, abs(q / _reference(sw2, sb2, q) - 1))
    size = f"{len(SW2)} x {len(SB2)}"
    rows = [
        ("mean field", f"plane of steady states and susceptibilities, {size}; iterating the map, steady states alone",
         ours, iterated, "s", iterated / ours, "< 1 s", ours < 1),
        ("mean field", "relative error of a steady state; adaptive quadrature", worst, None, "1", None, "< 1e-9",
         worst < 1e-9),
    ]  # fmt: skip
    names = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
    return pd.DataFrame(rows, columns=names)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
