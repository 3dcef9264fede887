"""Exponent gamma by collapse of mean avalanche profiles, V_D(u) ~ D**(gamma - 1) f(u)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from deepcrit.avalanches.scaling.profiles import (
    MeanProfiles,
    ProfileGrid,
    ProfileSums,
    mean_profiles,
)
from deepcrit.avalanches.scaling.resampling import multinomial_weights
from deepcrit.core.arrays import Floats
from deepcrit.core.keys import grid_points
from deepcrit.stats.intervals import basic_interval, check_confidence
from deepcrit.stats.jackknife import BOOTSTRAPPED_CLUSTERS, jackknife

__all__ = [
    "CollapseFit",
    "bootstrap_collapse",
    "collapsed_profiles",
    "fit_collapse",
    "nmse",
    "nmse_curve",
]


_PARABOLA_POINTS = 21
_PARABOLA_REACH = 0.05


@dataclass(frozen=True)
class CollapseFit:
    """The exponent at which rescaled mean profiles agree best.

    Attributes:
        gamma_star: minimiser of the NMSE.
        published_error: sqrt(1 / (2 a)) as published; not statistical, falls with n_durations.
        bootstrap_error: standard deviation over resamples; NaN without, or if any replicate is unbounded.
        ci_low: lower end of the basic bootstrap interval over block resamples; NaN without a bootstrap.
        ci_high: its upper end.
        confidence: its level.
        interval: its kind, and whether it was widened to hold gamma_star; empty without.
        nmse_min: NMSE at gamma_star.
        nmse_per_duration: the same divided by n_durations: a mean squared relative spread.
        parabola_a: of a gamma**2 + b gamma + c, fitted to the NMSE near gamma_star.
        parabola_b: likewise.
        parabola_c: likewise.
        at_grid_edge: whether the minimum is at an end of the searched range, where gamma_star is only a bound
            (published_error and the parabola are then NaN).
        edge_reason: which end; empty otherwise.
        n_durations: durations used.
        n_durations_empty: durations in the range without avalanches.
        n_avalanches: avalanches in the durations used.
        dmin: smallest duration used, in layers.
        dmax: largest.
        n_grid: points per profile.
        n_blocks: of the bootstrap; 0 without.
        n_replicates: of the bootstrap, those without an estimate not counted.
    """

    gamma_star: float
    published_error: float
    bootstrap_error: float
    ci_low: float
    ci_high: float
    confidence: float
    interval: str
    nmse_min: float
    nmse_per_duration: float
    parabola_a: float
    parabola_b: float
    parabola_c: float
    at_grid_edge: bool
    edge_reason: str
    n_durations: int
    n_durations_empty: int
    n_avalanches: int
    dmin: int
    dmax: int
    n_grid: int
    n_blocks: int
    n_replicates: int


def nmse(profiles: Floats, durations: ArrayLike, gammas: ArrayLike) -> Floats:
    """Normalised mean squared error between profiles rescaled by D**(gamma - 1).

    Ghavasieh (2025), eqs. 11 and 12: sum_j sum_D (v_Dj - m_j)**2 / sum_j m_j**2, with m_j the mean of v_Dj
    over the n_D durations. The printed mean divides by Dmax - Dmin, one less than the number of terms it
    sums; here it divides by n_D. The numerator is not divided by n_D, as printed, so the NMSE grows with the
    number of durations.

    Args:
        profiles: shape (durations, n_grid), mean profiles on a common grid.
        durations: shape (durations,), in layers.
        gammas: shape (gammas,).

    Returns:
        shape (gammas,), not negative. Computed from second moments, with a rounding error of about 1e-16 n_D.

    Raises:
        ValueError: shapes that do not fit, or profiles whose mean is zero everywhere.
    """
    d = np.asarray(durations, dtype=np.float64)
    gamma = np.atleast_1d(np.asarray(gammas, dtype=np.float64))
    if profiles.ndim != 2 or profiles.shape[0] != d.size:
        raise ValueError(f"profiles must have shape ({d.size}, n_grid), got {profiles.shape}")
    log_d = np.log(d)
    # A common factor cancels, so durations are measured from their geometric mean.
    scale = np.exp(np.outer(1.0 - gamma, log_d - log_d.mean()))
    mean_square = np.sum((scale @ profiles / d.size) ** 2, axis=1)
    if np.any(mean_square == 0):
        raise ValueError("the mean profile is zero everywhere: nothing to normalise by")
    total_square = scale**2 @ np.sum(profiles**2, axis=1)
    return np.maximum(total_square / mean_square - d.size, 0.0)


def fit_collapse(
    sums: ProfileSums,
    *,
    gamma_low: float = 1.0,
    gamma_high: float = 2.5,
    gamma_step: float = 0.01,
    n_grid: int = 100,
) -> CollapseFit:
    """Search gamma* = argmin NMSE(gamma) and its published error, without an interval.

    Ghavasieh (2025), eqs. 13 and 14. The range [gamma_low, gamma_high] is searched in steps of gamma_step and
    the best point refined between its neighbours. A parabola through the NMSE within 0.05 of gamma* ("small" in the
    paper) gives the published error.

    Args:
        sums: profile sums per block, with the durations collapsed.
        gamma_low: the searched range begins here.
        gamma_high: and ends here.
        gamma_step: of its grid.
        n_grid: points on the unit interval.

    Raises:
        ValueError: an empty range, fewer than three durations with avalanches, and as `mean_profiles`.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import NetworkSpec, ProfileSums, drift_free_weight_variance, fit_collapse, simulate_radial
        >>> spec = NetworkSpec(500, 500, drift_free_weight_variance("tanh", 500))
        >>> block = simulate_radial(spec, 100_000, np.random.default_rng(1), profile_range=(20, 100))
        >>> sums = ProfileSums(20, 100, block.profile_sum[np.newaxis], block.profile_count[np.newaxis].astype(float))
        >>> print(f"{fit_collapse(sums).gamma_star:.1f}")
        1.6
    """
    gammas = _search_grid(gamma_low, gamma_high, gamma_step)
    profiles = mean_profiles(sums, n_grid=n_grid)
    d = profiles.durations
    if d.size < 3:
        raise ValueError(
            f"{d.size} durations with avalanches in [{sums.dmin}, {sums.dmax}]; a collapse needs at least 3"
        )
    gamma_star, lowest, edge = _minimise(profiles, gammas)
    a, b, c = _parabola(profiles, gamma_star) if edge == 0 else (np.nan, np.nan, np.nan)
    reasons = {
        0: "",
        -1: f"the NMSE still falls at the lower end of the searched range, gamma = {gamma_low:g}",
        1: f"the NMSE still falls at the upper end of the searched range, gamma = {gamma_high:g}",
    }
    return CollapseFit(
        gamma_star=gamma_star,
        published_error=float(np.sqrt(0.5 / a)) if a > 0 else float("nan"),
        bootstrap_error=float("nan"),
        ci_low=float("nan"),
        ci_high=float("nan"),
        confidence=float("nan"),
        interval="",
        nmse_min=lowest,
        nmse_per_duration=lowest / d.size,
        parabola_a=float(a),
        parabola_b=float(b),
        parabola_c=float(c),
        at_grid_edge=edge != 0,
        edge_reason=reasons[edge],
        n_durations=int(d.size),
        n_durations_empty=profiles.n_empty,
        n_avalanches=int(profiles.count.sum()),
        dmin=int(d[0]),
        dmax=int(d[-1]),
        n_grid=n_grid,
        n_blocks=0,
        n_replicates=0,
    )


def bootstrap_collapse(
    sums: ProfileSums,
    generator: np.random.Generator,
    *,
    replicates: int = 200,
    confidence: float = 0.95,
    gamma_low: float = 1.0,
    gamma_high: float = 2.5,
    gamma_step: float = 0.01,
    n_grid: int = 100,
) -> CollapseFit:
    """`fit_collapse` with a basic bootstrap interval from resampled blocks of avalanches.

    Mean profiles are ratios of sums over blocks, so a replicate is a product of multinomial weights and block
    sums. Durations that a replicate leaves empty are skipped in it; with fewer than three left it gives no
    estimate and does not count in `n_replicates`. A replicate whose minimum is at an end of the searched
    range counts as unbounded on that side, so an end of the interval is infinite rather than an end of the
    range. Two to four blocks have too few different resamples: their interval is Student's, by the jackknife.

    Raises:
        ValueError: as `fit_collapse`; fewer than two blocks or replicates; a confidence outside (0, 1).
    """
    check_confidence(confidence)
    fit = fit_collapse(
        sums,
        gamma_low=gamma_low,
        gamma_high=gamma_high,
        gamma_step=gamma_step,
        n_grid=n_grid,
    )
    gammas = _search_grid(gamma_low, gamma_high, gamma_step)
    grid = ProfileGrid(sums.dmin, sums.dmax, n_grid=n_grid)

    def star(total: Floats, count: Floats) -> float:
        """gamma* of one resample; infinite where it is unbounded, NaN where there is none."""
        profiles = grid.means(total, count)
        if profiles.durations.size < 3:
            return float("nan")
        gamma, _, edge = _minimise(profiles, gammas)
        return gamma if edge == 0 else edge * np.inf

    if 2 <= sums.n_blocks < BOOTSTRAPPED_CLUSTERS:
        found = jackknife(lambda used: star(used @ sums.total, used @ sums.count), sums.n_blocks, confidence)
        return replace(
            fit,
            ci_low=-np.inf if fit.at_grid_edge else found.ci_low,
            ci_high=np.inf if fit.at_grid_edge else found.ci_high,
            confidence=confidence,
            interval="jackknife, Student",
            n_blocks=sums.n_blocks,
        )
    stars = [
        star(total, count)
        for drawn in multinomial_weights(sums.n_blocks, replicates, generator)
        for total, count in zip(drawn @ sums.total, drawn @ sums.count, strict=True)
    ]
    estimates = np.array([value for value in stars if not np.isnan(value)])
    low, high, told = basic_interval(fit.gamma_star, estimates, confidence)
    if fit.at_grid_edge:
        low, high, told = -np.inf, np.inf, ""
    spread_is_defined = estimates.size > 1 and bool(np.all(np.isfinite(estimates)))
    return replace(
        fit,
        bootstrap_error=float(estimates.std(ddof=1)) if spread_is_defined else float("nan"),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        interval=f"basic block bootstrap{told}",
        n_blocks=sums.n_blocks,
        n_replicates=estimates.size,
    )


def nmse_curve(profiles: MeanProfiles, gammas: ArrayLike, fit: CollapseFit) -> pd.DataFrame:
    """NMSE against gamma and the fitted parabola (NaN if there is none), for plotting.

    Columns: `gamma`, `nmse`, `parabola`.
    """
    gamma = np.atleast_1d(np.asarray(gammas, dtype=np.float64))
    return pd.DataFrame(
        {
            "gamma": gamma,
            "nmse": nmse(profiles.mean, profiles.durations, gamma),
            "parabola": fit.parabola_a * gamma**2 + fit.parabola_b * gamma + fit.parabola_c,
        }
    )


def collapsed_profiles(profiles: MeanProfiles, gamma: float) -> pd.DataFrame:
    """Profiles rescaled by D**(gamma - 1) (Ghavasieh 2025, eq. 11), one row per duration and grid point.

    Columns: `duration` (layers), `u` = l / D, `scaled` (dimensionless).
    """
    n_durations, n_grid = profiles.mean.shape
    factor = profiles.durations.astype(np.float64) ** (1.0 - gamma)
    return pd.DataFrame(
        {
            "duration": np.repeat(profiles.durations, n_grid),
            "u": np.tile(profiles.u, n_durations),
            "scaled": (profiles.mean * factor[:, np.newaxis]).ravel(),
        }
    )


def _search_grid(low: float, high: float, step: float) -> Floats:
    if not (low < high and 0 < step <= 0.5 * (high - low)):
        raise ValueError(f"the search needs gamma_low < gamma_high and at least two steps, got {low}, {high}, {step}")
    return np.linspace(low, high, grid_points(low, high, step))


def _minimise(profiles: MeanProfiles, gammas: Floats) -> tuple[float, float, int]:
    """Minimiser, minimum, and -1, 0 or 1 for the lower end of the range, its interior, or its upper end."""
    curve = nmse(profiles.mean, profiles.durations, gammas)
    best = int(np.argmin(curve))
    if best in (0, gammas.size - 1):
        return float(gammas[best]), float(curve[best]), -1 if best == 0 else 1
    found = minimize_scalar(
        lambda gamma: float(nmse(profiles.mean, profiles.durations, gamma)[0]),
        bounds=(gammas[best - 1], gammas[best + 1]),
        method="bounded",
        options={"xatol": 1e-7},
    )
    return float(found.x), float(found.fun), 0


def _parabola(profiles: MeanProfiles, gamma_star: float) -> tuple[float, float, float]:
    """Coefficients of a gamma**2 + b gamma + c, fitted about gamma_star for accuracy and then expanded."""
    offset = np.linspace(-_PARABOLA_REACH, _PARABOLA_REACH, _PARABOLA_POINTS)
    a, slope, level = np.polyfit(offset, nmse(profiles.mean, profiles.durations, gamma_star + offset), 2)
    return float(a), float(slope - 2 * a * gamma_star), float(level - slope * gamma_star + a * gamma_star**2)
