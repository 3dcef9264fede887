"""How often the intervals of stable fits hold the truth, and how often normal values pass for heavy-tailed ones.

Profile-likelihood intervals, 95%, of alpha and scale on simulated sets of 288 to 1e5 values, location known. Near
alpha = 2 the estimate sits at the boundary in part of the sets, where intervals are one-sided and cover more than they
say. Beside them the share of normal samples with alpha below 1.95, by maximum likelihood and by McCulloch's quantiles.
"""

import math

import numpy as np
import pandas as pd
from scipy.stats import binom
from sizes import size

from deepcrit.stats import stable

COLUMNS = ["benchmark", "quantity", "deepcrit", "alternative", "unit", "ratio", "target", "met"]
SIZES = size((288, 1000, 5000, 20_000, 100_000), (288,))
SETS = size(1000, 2)
INDICES = (0.7, 1.0, 1.5, 1.8, 1.95)
NEAR_NORMAL = (1.99, 2.0)
THRESHOLD = 1.95


def coverage(alpha: float, n: int, sets: int, seed: int) -> tuple[float, float]:
    """Shares of sets whose intervals hold alpha and the scale."""
    rng = np.random.default_rng(seed)
    held = np.zeros(2)
    for _ in range(sets):
        fit = stable.fit(stable.group(stable.sample(rng, n, alpha)))
        held += [fit.alpha_low <= alpha <= fit.alpha_high, fit.scale_low <= 1 <= fit.scale_high]
    return float(held[0] / sets), float(held[1] / sets)


def below(n: int, sets: int, seed: int) -> tuple[float, float]:
    """Shares of normal samples with alpha below 1.95, by maximum likelihood and by quantiles."""
    rng = np.random.default_rng(seed)
    found = np.zeros(2)
    for _ in range(sets):
        x = rng.normal(size=n)
        found += [stable.fit(stable.group(x)).alpha < THRESHOLD, stable.quantile_estimate(x).alpha < THRESHOLD]
    return float(found[0] / sets), float(found[1] / sets)


def run(sets: int = SETS) -> pd.DataFrame:
    """One row per coverage measured; targets allow for small samples, 1%, and for the number of sets drawn."""
    low, high = (float(q) / sets for q in binom.ppf([0.001, 0.999], sets, 0.95))
    low, high = low - 0.01, high + 0.01
    rows: list[tuple[object, ...]] = []
    for n in SIZES:
        for seed, alpha in enumerate(INDICES + NEAR_NORMAL):
            for covered, name in zip(coverage(alpha, n, sets, seed), ("alpha", "scale"), strict=True):
                one_sided = name == "alpha" and alpha in NEAR_NORMAL
                met = covered >= low and (one_sided or covered <= high)
                target = f">= {low:.1%}" if one_sided else f"[{low:.1%}, {high:.1%}]"
                what = f"interval of {name}, true alpha = {alpha}, n = {n}, {sets} sets"
                rows.append(("stable_coverage", what, covered, math.nan, "fraction", math.nan, target, met))
        likelihood, quantiles = below(n, sets, 99)
        what = f"alpha < {THRESHOLD} on normal samples, n = {n}, {sets} sets; quantile estimate"
        rows.append(("stable_coverage", what, likelihood, quantiles, "fraction", math.nan, "reported", None))
    return pd.DataFrame(rows, columns=COLUMNS)


if __name__ == "__main__":
    print(run().to_csv(sep="\t", index=False, float_format="%.7g"), end="")
