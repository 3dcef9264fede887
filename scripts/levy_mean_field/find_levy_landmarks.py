"""Single numbers of mean field and of the phase diagram: limits, constants, and the size of the extended region."""

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import gamma

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import read_tsv, write_tsv
from deepcrit.experiments.levy_mean_field.schemas import LEVY_LANDMARKS, PHASE_BOUNDARIES
from deepcrit.physics.heavytails import Spectrum, next_pseudolength, tail_constant
from deepcrit.stats import stable
from deepcrit.stats.intervals import mean_interval

# line and radii of each reading
READINGS = {"text": ("fixed_point", "all"), "code": ("radius", "window")}
ALPHAS = (1.0, 1.2, 1.5, 1.8)  # at which constants are held against their closed forms
NONE = "none, a quadrature"
GAUSSIAN = 2.0
HEAVIER = 1.5  # index at which the region is compared with the Gaussian one
FARTHEST = 10.0  # beyond the grid, in steps of a boundary
FAR = 1e-6  # share of values beyond the point at which a tail is held against its power law


def main(boundaries: str, table: str, samples: int, seed: int) -> None:
    """One row a quantity and reading."""
    rows = [
        ("gaussian_limit", "all", gaussian_limit(), "largest relative difference of the map at alpha = 2 from the "
         "Gaussian one, q from 1e-3 to 10"),
        ("tail_constant", "all", tail_error(), "largest relative difference of the stable density from "
         "c_alpha |x|^-(1 + alpha) beyond which one value in a million lies, alpha from 1 to 1.8"),
    ]  # fmt: skip
    for family, name in (("shifted", "f2"), ("log", "f1")):
        rows.append((f"gaussian_maximum_{family}", "all", gaussian_maximum(family), f"gain at which J_f of {name}, L = "
                     "1, is largest at alpha = 2"))  # fmt: skip
    ends = read_tsv(boundaries, PHASE_BOUNDARIES)
    for reading, (line, radii) in READINGS.items():
        rows += regions(ends.query(f"line == {line!r} and radii == {radii!r}"), reading)
    exact = pd.DataFrame(rows, columns=["quantity", "reading", "value", "what"])
    exact = exact.assign(ci_low=exact["value"], ci_high=exact["value"], ci_method=NONE)
    write_tsv(pd.concat([exact, origins(samples, seed)]), table, LEVY_LANDMARKS)


def gaussian_limit() -> float:
    """Largest relative difference of the map at alpha = 2 from the Gaussian map, by a trapezoidal rule."""
    nodes = np.linspace(-12, 12, 4001)
    weights = np.exp(-(nodes**2) / 2)
    worst = 0.0
    for q in np.geomspace(1e-3, 10, 13):
        expected = float(weights @ np.tanh(np.sqrt(q) * nodes) ** 2 / weights.sum())
        worst = max(worst, abs(next_pseudolength(float(q), 2.0, 1.0) / expected - 1))
    return worst


def tail_error() -> float:
    """Largest relative difference of stable densities, far out, from the tail of Eq. 3."""
    worst = 0.0
    for alpha in ALPHAS:
        x = stable.upper_quantile(FAR, alpha)
        power_law = tail_constant(alpha) * x ** -(1 + alpha)
        worst = max(worst, abs(float(stable.density(x, alpha)) / float(power_law) - 1))
    return worst


def gaussian_maximum(family: str) -> float:
    """Gain of the largest average at alpha = 2, L = 1."""

    def loss(gain: float) -> float:
        spectrum = Spectrum(GAUSSIAN, gain)
        average = spectrum.log_averages if family == "log" else spectrum.shifted_averages
        return -float(average([1])[0])

    return float(minimize_scalar(loss, bounds=(0.5, 2.0), method="bounded", options={"xatol": 1e-6}).x)


def regions(ends: pd.DataFrame, reading: str) -> list[tuple[str, str, float, str]]:
    """Widths of the extended region and steps of its boundaries, of one reading."""
    found = []
    heavy = ends[ends["alpha"] < GAUSSIAN]
    for family, of in heavy.groupby("family"):
        first = of[of["power"] == of["power"].min()]
        seen = first[first["alpha"] <= 1.9 + 1e-9]
        found += [
            (f"least_width_{family}_first", seen["region_width"].min(), "least width in g of the region, alpha from 1 "
             "to 1.9, least L"),
            (f"least_width_{family}_all", of.loc[of["alpha"].between(1.05, 1.9), "region_width"].min(), "least width "
             "in g of the region, alpha from 1.05 to 1.9, any L"),
        ]  # fmt: skip
        # of regions that are there, and whose ends are not both beyond the grid, where their order is not seen
        table = of.pivot_table("upper_gain", "alpha", "power", dropna=False)
        start = of.groupby("alpha")["line_gain"].first().to_numpy()[:, None]
        before, after = table.to_numpy()[:, :-1], table.to_numpy()[:, 1:]
        told = (before > start) & (np.isfinite(before) | np.isfinite(after)) & ~np.isnan(after)
        if told.any():
            step = float(np.clip(after[told] - before[told], -FARTHEST, FARTHEST).max())
            found.append((f"largest_step_{family}", step, "largest step of the upper end in g from one L to the next, "
                          f"any alpha < 2; {FARTHEST:g} where it leaves the grid"))  # fmt: skip
    shifted = ends[
        (ends["family"] == "shifted") & (ends["power"] == ends.loc[ends["family"] == "shifted", "power"].min())
    ]
    widths = shifted.set_index("alpha")["region_width"]
    if GAUSSIAN in widths.index:
        found.append(("gaussian_width", widths[GAUSSIAN], "width in g of the region of f2 at alpha = 2, least L"))
        if HEAVIER in widths.index:
            found.append(("widening", widths[HEAVIER] - widths[GAUSSIAN], "the same at alpha = 1.5, less that at 2"))
    return [(quantity, reading, float(value), what) for quantity, value, what in found]


def origins(samples: int, seed: int) -> pd.DataFrame:
    """y(0)^alpha = E S'^(-alpha/2) of sampled S' of the printed scale, over 2/Gamma(1 + alpha), less one.

    At the origin the cavity equation is 1 = y^-alpha E S'^(-alpha/2), whatever the neurons do. The printed scale
    (c_alpha/(4 c_(alpha/2)))^(2/alpha) is that of the characteristic function, whose Laplace transform at beta = 1 is
    exp(-(scale s)^b/cos(pi b/2)).
    """
    rows = []
    for alpha in ALPHAS:
        b = alpha / 2
        coefficient = tail_constant(alpha) / (4 * tail_constant(b) * np.cos(np.pi * b / 2))
        rng = generator(seed_key(seed, "levy_mean_field", f"S/{alpha!r}", 0))
        inverse = stable.sample_positive(rng, samples, b, float(coefficient)) ** -b
        rows.append((f"y0_{alpha:g}", "all", *mean_interval(inverse * gamma(1 + alpha) / 2 - 1), "Student over samples",
                     f"y(0)^alpha by sampling over 2/Gamma(1 + alpha), less one, alpha = {alpha:g}"))  # fmt: skip
    columns = ["quantity", "reading", "value", "standard_error", "ci_low", "ci_high", "ci_method", "what"]
    return pd.DataFrame(rows, columns=columns).drop(columns="standard_error")


if "snakemake" in globals():
    run(main, snakemake)
