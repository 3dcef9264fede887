"""Spectra of heavy-tailed networks: the whole phase diagram, and one cell of it the sampled way, with its scatter.

The alternative is what the authors of qu2022 do: 1e5 samples of chi, S and S', one root y(r) a radius on a grid of
step 0.01 up to the characteristic radius, and a sum over that grid. Compilation is not timed; all on one thread.
"""

import math
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import gamma, gammaln
from sizes import size

from deepcrit.physics.heavytails import (
    SIGMOIDS,
    Spectrum,
    dimension_spectrum,
    distance,
    eigenvalues,
    fixed_point,
    phase_column,
    random_jacobian,
)
from deepcrit.stats import stable

COLUMNS = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
ALPHAS = np.arange(20, 41, size(1, 10)) / 20
GAINS = np.arange(1, 61) / 20
CELL = (1.5, 1.5)
SAMPLES = size(100_000, 1000)
SEEDS = size(4, 2)
WIDTH, TRAINED_WIDTH = size(1000, 50), size(784, 50)


def cpu_seconds(job: Callable[[], object]) -> float:
    start = time.process_time()
    job()
    return time.process_time() - start


def sampled_averages(alpha: float, gain: float, seed: int) -> np.ndarray:
    """J_f of f1 at L = 1, 2 and of f2 at L = 1, 11 within the authors' radii, as they sample it."""
    rng = np.random.default_rng(seed)
    b = alpha / 2
    c = gamma(1 + alpha) / (2 * gamma(1 + b))
    h = stable.sample(rng, SAMPLES, alpha, (fixed_point(alpha, gain) / 2) ** (1 / alpha))
    a = np.exp(2 * math.log(gain) - SIGMOIDS["tanh"].decay(np.abs(h))) * stable.sample_positive(rng, SAMPLES, b, c)
    product = a * stable.sample_positive(rng, SAMPLES, b, c)
    start = (2 / gamma(1 + alpha)) ** (1 / alpha)

    def excess(y: float, r: float) -> float:
        return float(((a / (r * r + y * y * product)) ** b).mean() - 1)

    radii, inside, y = [], [], start
    while y > 0.01 * start:
        r = 0.01 * (len(radii) + 1)
        if excess(0.01 * start, r) <= 0:
            break
        y = brentq(excess, 0.01 * start, start * 1.1, args=(r,), xtol=1e-6)
        radii.append(r)
        inside.append(float((r * r / (r * r + y * y * product)).mean()))
    r, mass = np.array(radii), np.diff(inside)
    log_middle, middle = np.log((r[1:] + r[:-1]) / 2), (r[1:] + r[:-1]) / 2
    functions = [log_middle, np.sign(log_middle) * log_middle**2, middle - 2, (middle - 2) ** 11]
    return np.array([mass @ f for f in functions])


def worst_mean_logarithm() -> float:
    """Largest error of E ln |z| over the diagram, against its closed form."""
    worst = 0.0
    for alpha in ALPHAS[1:]:
        b = alpha / 2
        c = gamma(1 + alpha) / (2 * gamma(1 + b))
        constant = (math.log(c) / b + 2 * np.euler_gamma * (1 / b - 1)) / 2 - (1 + gammaln(1 + b)) / alpha
        x = np.exp(np.arange(-40, 700 / alpha, 0.05))
        for gain in GAINS[9::10]:
            spectrum = Spectrum(alpha, gain)
            scale = (spectrum.pseudolength / 2) ** (1 / alpha)
            tails = 2 * stable.survival(x, alpha, scale) if scale else np.zeros_like(x)
            expected = math.log(gain) - 2 * 0.05 * float((x * tails * np.tanh(x)).sum()) + constant
            worst = max(worst, abs(float(spectrum.log_averages([1])[0]) - expected))
    return worst


def run() -> pd.DataFrame:
    """One row a quantity."""
    rows: list[tuple[object, ...]] = []

    def add(quantity: str, ours: float, other: float | None, unit: str, target: str, met: bool | None) -> None:
        ratio = None if other is None or ours == 0 else other / ours
        rows.append(("heavy tails", quantity, ours, other, unit, ratio, target, met))

    phase_column(1.5, GAINS[::10])
    diagram = cpu_seconds(lambda: [phase_column(alpha, GAINS) for alpha in ALPHAS])
    add(f"phase diagram, {ALPHAS.size} x {GAINS.size} points, two families of f, three readings", diagram, None,
        "CPU s", "< 60 (30 s on 2 cores)", diagram < 60)  # fmt: skip

    largest = Spectrum(*CELL).characteristic_radius
    cell = cpu_seconds(lambda: [Spectrum(*CELL).log_averages([1, 2], 0.01, largest) for _ in range(10)]) / 10
    drawn = []
    sampled = cpu_seconds(lambda: drawn.extend(sampled_averages(*CELL, seed) for seed in range(SEEDS))) / SEEDS
    add(f"J_f at alpha, g = {CELL}; 1e5 samples and a root a radius", cell, sampled, "CPU s", "reported", None)
    spectrum = Spectrum(*CELL)
    ours = np.append(spectrum.log_averages([1, 2], 0.01, largest), spectrum.shifted_averages([1, 11], 0.01, largest))
    names = ("f1, L = 1", "f1, L = 2", "f2, L = 1", "f2, L = 11")
    for name, value, seeds in zip(names, ours, np.array(drawn).T, strict=True):
        away = abs(float(value) - float(seeds.mean()))
        add(f"J_f of {name} there: distance from the mean of {SEEDS} sampled; their spread over seeds", away,
            float(seeds.std(ddof=1)), "1", "reported", None)  # fmt: skip
    worst = worst_mean_logarithm()
    add(
        "largest error of the mean logarithm of a radius over the diagram; closed form",
        worst,
        None,
        "1",
        "< 1e-4",
        worst < 1e-4,
    )

    rng = np.random.default_rng(1)
    for alpha, gain in ((1.0, 3.0), (1.2, 1.5), (1.5, 1.5), (1.8, 1.5), (2.0, 1.5)):
        radii = np.abs([eigenvalues(random_jacobian(rng, WIDTH, alpha, gain)) for _ in range(4)])
        largest = distance(radii, Spectrum(alpha, gain)).kolmogorov_smirnov
        # the slopes of 4,000 neurons are a sample, whose own distance is about 1/sqrt(4000)
        add(f"largest difference from the radii of four matrices of N = {WIDTH}, alpha, g = {alpha, gain}", largest,
            None, "1", "< 0.03", largest < 0.03)  # fmt: skip
    matrix = random_jacobian(rng, TRAINED_WIDTH, 1.2, 1.5)
    each = cpu_seconds(lambda: dimension_spectrum(matrix))
    add(f"eigenvectors of N = {TRAINED_WIDTH} and D_q at 50 powers", each, None, "CPU s", "reported", None)
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.4g"), end="")
