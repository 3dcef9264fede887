"""How fluxes follow size and mobility, when they shift, and whether they branch."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from deepcrit.core.arrays import Floats
from deepcrit.experiments.fluxes.schemas import FLUX_BRANCHES, FLUX_SHIFTS, FLUX_SLOPES
from deepcrit.stats.intervals import CONFIDENCE, mean_interval

_KINDS = ("loss_flux", "weight_flux")
LATE = 200  # iterations from which a late break is sought


def fitted_slopes(y: Floats, columns: Floats) -> list[tuple[float, float, float, float]]:
    """Slope of each column in a linear fit with a constant, Student's interval and p-value; NaN where undetermined.

    Args:
        y: shape (n,).
        columns: shape (n, columns).
    """
    design = np.column_stack([np.ones(len(y)), columns])
    degrees = len(y) - design.shape[1]
    if degrees < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        return [(np.nan,) * 4] * columns.shape[1]
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ y
    errors = np.sqrt(np.diag(inverse) * ((y - design @ found) ** 2).sum() / degrees)
    reach = float(student.ppf(0.5 + CONFIDENCE / 2, degrees))
    p_values = 2.0 * student.sf(np.abs(found) / errors, degrees)
    return [
        (float(found[place]), float(found[place] - reach * errors[place]), float(found[place] + reach * errors[place]),
         float(p_values[place]))
        for place in range(1, design.shape[1])
    ]  # fmt: skip


def flux_slopes(fluxes: pd.DataFrame, early: int) -> pd.DataFrame:
    """Slopes of ln flux against ln M and ln mobility over the plane of both; schema ``flux_slopes``.

    Args:
        fluxes: schema ``fluxes``, of the sample ``phases``.
        early: iteration of the early stage; the late one is the last.
    """
    rows = []
    for stage, iteration in (("early", early), ("late", int(fluxes["iteration"].max()))):
        at = fluxes[fluxes["iteration"] == iteration]
        for quantity in _KINDS:
            part = at[at[quantity] > 0]
            y = np.log(part[quantity].to_numpy())
            both = np.column_stack([np.log(part["neurons"].to_numpy(float)), part["log_mobility"].to_numpy()])
            together = fitted_slopes(y, both)
            for place, against in enumerate(("neurons", "mobility")):
                for fitted, found in (("alone", fitted_slopes(y, both[:, [place]])[0]), ("together", together[place])):
                    row = (
                        quantity,
                        stage,
                        iteration,
                        against,
                        fitted,
                        len(part),
                        *found[:3],
                        "Student, least squares",
                        found[3],
                    )
                    rows.append(row)
    return pd.DataFrame(rows, columns=[column.name for column in FLUX_SLOPES.columns])


def shift_iterations(iterations: Floats, flux: Floats) -> dict[str, float]:
    """Iterations at which a flux shifts: its peak, its steepest change, and a late break in slope.

    The first is at least 0.5, since iterations are averaged by their logarithms. The second is the geometric middle of
    the two iterations between which ln flux changes most by ln iteration; the third divides the iterations from
    ``LATE`` on into two, each with a line of its own, so that the squares of what is left are least.
    """
    x, y = np.log(np.maximum(iterations, 0.5)), np.log(flux)
    slopes = np.diff(y) / np.diff(x)
    steepest = int(np.abs(slopes).argmax())
    found = {
        "peak": float(np.exp(x[flux.argmax()])),
        "steepest change": float(np.exp(0.5 * (x[steepest] + x[steepest + 1]))),
    }
    late = iterations >= LATE
    u, v = x[late], y[late]
    if u.size >= 6:
        rest = [_left(u[:cut], v[:cut]) + _left(u[cut:], v[cut:]) for cut in range(3, u.size - 2)]
        cut = 3 + int(np.argmin(rest))
        found["late break"] = float(np.exp(0.5 * (u[cut - 1] + u[cut])))
    return found


def _left(x: Floats, y: Floats) -> float:
    """Squares that a line leaves."""
    return float(((y - np.polyval(np.polyfit(x, y, 1), x)) ** 2).sum())


def flux_shifts(fluxes: pd.DataFrame) -> pd.DataFrame:
    """When fluxes shift, as geometric means over seeds; schema ``flux_shifts``.

    Args:
        fluxes: schema ``fluxes``, of the sample ``terminal``.
    """
    rows = []
    for (hidden, _), network in fluxes.groupby(["hidden", "run"], sort=False):
        for quantity in _KINDS:
            part = network[network[quantity] > 0]
            if len(part) >= 3:
                shifts = shift_iterations(part["iteration"].to_numpy(float), part[quantity].to_numpy())
                rows += [(hidden, quantity, statistic, value) for statistic, value in shifts.items()]
    single = pd.DataFrame(rows, columns=["hidden", "quantity", "statistic", "value"])
    found = []
    for key, part in single.groupby(["hidden", "quantity", "statistic"], sort=False):
        estimate = mean_interval(np.log(part["value"]))
        ends = [float(np.exp(end)) for end in (estimate.value, estimate.ci_low, estimate.ci_high)]
        found.append((*key, len(part), *ends, "Student over seeds, of logarithms"))
    return pd.DataFrame(found, columns=[column.name for column in FLUX_SHIFTS.columns])


def two_branches(values: Floats, steps: int = 500) -> tuple[float, Floats, NDArray[np.bool_]]:
    """Whether values come from two normal laws rather than one.

    Args:
        values: shape (n,).
        steps: of expectation and maximisation.

    Returns:
        The Bayesian information criterion of one law less that of two, which is positive where two are better; means of
        both, the lower first; which values belong to the upper one, shape (n,). Standard deviations are kept above a
        fiftieth of that of all, so that no law is of one value alone.
    """
    n, spread = values.size, float(values.std())
    if n < 6 or spread == 0:
        return np.nan, np.full(2, np.nan), np.zeros(n, bool)
    one = norm.logpdf(values, values.mean(), spread).sum()
    best = (-np.inf, np.zeros(2), np.zeros(n, bool))
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        upper = (values > np.quantile(values, share)).astype(float)
        for _ in range(steps):
            weights = np.stack([1.0 - upper, upper])
            total = weights.sum(axis=1)
            if total.min() < 1e-9:
                break
            means = weights @ values / total
            deviations = np.sqrt((weights * (values - means[:, None]) ** 2).sum(axis=1) / total)
            logs = norm.logpdf(values, means[:, None], np.maximum(deviations, spread / 50)[:, None])
            logs += np.log(total / n)[:, None]
            mixed = np.logaddexp(*logs)
            upper = np.exp(logs[1] - mixed)
            if mixed.sum() > best[0]:
                order = np.argsort(means)
                best = float(mixed.sum()), means[order], (upper > 0.5) == (order[1] == 1)
    gain = 2.0 * (best[0] - one) - 3.0 * np.log(n)
    return float(gain), best[1], best[2]


def flux_branches(fluxes: pd.DataFrame) -> pd.DataFrame:
    """Branches of fluxes at the last iteration, over all sizes and mobilities; schema ``flux_branches``.

    Args:
        fluxes: schema ``fluxes``, of the sample ``phases``.
    """
    last = fluxes[fluxes["iteration"] == fluxes["iteration"].max()]
    rows = []
    for quantity in _KINDS:
        part = last[(last[quantity] > 0) & (last["loss"] > 0)]
        gain, means, upper = two_branches(np.log(part[quantity].to_numpy()))
        losses = np.log(part["loss"].to_numpy())
        split = upper.any() and not upper.all()
        ratio = float(losses[upper].mean() - losses[~upper].mean()) if split else np.nan
        rows.append((quantity, int(fluxes["iteration"].max()), len(part), gain, *means, ratio))
    return pd.DataFrame(rows, columns=[column.name for column in FLUX_BRANCHES.columns])
