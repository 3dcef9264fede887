"""Radial distributions of cavity theory, and eigenvalues of simulated Jacobians W D beside them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from deepcrit.core.jobs import run
from deepcrit.core.seeds import generator, seed_key
from deepcrit.core.tables import write_tsv
from deepcrit.experiments.levy_mean_field.schemas import (
    DRAWN_EIGENVALUES,
    MATRIX_SPECTRA,
    RADIAL_DENSITIES,
    SPECTRAL_TAILS,
)
from deepcrit.physics.heavytails import Spectrum, eigenvalues, random_jacobian
from deepcrit.stats.intervals import mean_interval, percentile_interval

REPLICATES = 1000
POINTS = 1200  # radii at which distributions are compared
RADII = np.linspace(0.02, 4, 200)
TAIL = (1e-2, 1e-8)  # shares of eigenvalues beyond the ends of the range in which tails are called exponential or not


def main(
    densities: str, drawn: str, matrices: str, tails: str, spectra: Mapping[str, Any], seed: int
) -> None:  # fmt: skip
    """Radii of all matrices of a point against theory; medians and largest ones matrix by matrix."""
    curves, clouds, rows, ends = [], [], [], []
    for alpha in spectra["alphas"]:
        single: dict[float, pd.DataFrame] = {}
        for gain in spectra["gains"]:
            theory = Spectrum(alpha, gain)
            name = f"{alpha!r}/{gain!r}"
            keys = [seed_key(seed, "levy_mean_field", f"z/{name}", n) for n in range(spectra["matrices"])]
            with threadpool_limits(1):
                found = [eigenvalues(random_jacobian(generator(key), spectra["width"], alpha, gain)) for key in keys]
            radii = np.abs(found)
            point = {"alpha": alpha, "gain": gain}
            curves.append(
                pd.DataFrame(
                    {
                        **point,
                        "radius": RADII,
                        "plane_density": theory.plane_density(RADII),
                        "distribution": theory.distribution(RADII),
                        "simulated": within(radii, RADII).mean(axis=0),
                    }
                )
            )
            edge = theory.characteristic_radius
            if gain == spectra["drawn_gain"]:
                cloud = {"real": found[0].real, "imaginary": found[0].imag, "characteristic_radius": edge}
                clouds.append(pd.DataFrame({**point, **cloud}))
            if alpha < 2:
                ends.append({**point, **tail_of(theory)})
            rng = generator(seed_key(seed, "levy_mean_field", f"bootstrap/{name}", 0))
            rows += [{**point, **row} for row in distances(theory, radii, rng)]
            single[gain] = pd.DataFrame(
                {"median": np.median(radii, axis=1), "largest": radii.max(axis=1), "characteristic_radius": edge}
            )
            for quantity, value in (("median", theory.median), ("largest", edge), ("characteristic_radius", edge)):
                rows.append({**point, "quantity": quantity, **row_of(single[gain][quantity], value)})
        first, last = spectra["drawn_gain"], spectra["gains"][-1]
        for quantity, change in (single[last] - single[first]).items():
            found = {"quantity": f"{quantity}_change", "from_gain": first, **row_of(change, 0.0)}
            rows.append({"alpha": alpha, "gain": last, **found})
    sizes = {"width": spectra["width"], "matrices": spectra["matrices"]}
    write_tsv(pd.concat(curves), densities, RADIAL_DENSITIES)
    write_tsv(pd.concat(clouds), drawn, DRAWN_EIGENVALUES)
    write_tsv(pd.DataFrame(rows).assign(**sizes), matrices, MATRIX_SPECTRA)
    write_tsv(pd.DataFrame(ends, columns=[column.name for column in SPECTRAL_TAILS.columns]), tails, SPECTRAL_TAILS)


def within(radii: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Share of the radii of each matrix up to given ones, shape (matrices, radii)."""
    return np.array([np.searchsorted(np.sort(of), at, side="right") / of.size for of in radii])


def distances(theory: Spectrum, radii: np.ndarray, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Area and largest difference between the radial distribution of all matrices and that of theory.

    Resampled matrices are further from theory than the matrices are, so that upper ends err upwards.
    """
    at = np.linspace(0, 1.5 * float(radii.max()), POINTS)
    shares, expected = within(radii, at), theory.distribution(at)
    rows = []
    for quantity, measure in (
        ("area", lambda away: float(np.trapezoid(away, at))),
        ("largest_difference", lambda away: float(away.max())),
    ):
        drawn = [
            measure(np.abs(shares[rng.integers(0, len(shares), len(shares))].mean(axis=0) - expected))
            for _ in range(REPLICATES)
        ]
        low, high = percentile_interval(drawn)
        found = measure(np.abs(shares.mean(axis=0) - expected))
        rows.append({"quantity": quantity, "value": found, "ci_low": min(low, found), "ci_high": max(high, found),
                     "ci_method": "percentile bootstrap over matrices", "cavity": 0.0})  # fmt: skip
    return rows


def row_of(values: pd.Series, cavity: float) -> dict[str, Any]:
    """Columns of a value, its interval, and its relative difference from what theory has, if that is not zero."""
    found = mean_interval(values)
    relative = [end / cavity - 1 if cavity else np.nan for end in (found.value, found.ci_low, found.ci_high)]
    return {
        "value": found.value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "ci_method": "none, a quadrature" if float(np.ptp(values)) == 0 else "Student over matrices",
        "cavity": cavity,
        **dict(zip(("relative_difference", "relative_low", "relative_high"), relative, strict=True)),
    }


def tail_of(theory: Spectrum) -> dict[str, float]:
    """How straight ln rho is against |z| over six decades of the share beyond, and the power of |z| that it follows.

    With rho = exp(-c r^p), r d(ln rho)/dr is -c p r^p, whose logarithmic slope is p.
    """
    radius = theory.radius(np.geomspace(*TAIL, 61))
    steps = np.geomspace(radius[0], radius[-1], 401)
    log_density = np.log(theory.plane_density(steps))
    straight = np.corrcoef(steps, log_density)[0, 1] ** 2
    fall = -np.gradient(log_density, np.log(steps))
    inner = slice(1, -1)
    power = np.polyfit(np.log(steps[inner]), np.log(fall[inner]), 1)[0]
    return {
        "first_radius": float(radius[0]),
        "last_radius": float(radius[-1]),
        "r_squared": float(straight),
        "power": float(power),
    }


if "snakemake" in globals():
    run(main, snakemake)
