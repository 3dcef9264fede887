"""The phase diagram of qu2022, Fig. 2b: where Jacobian averages J_f beat those at the ordered line.

The printed criterion, a ratio above one, is read as J_f(alpha, g) > J_f(alpha, ordered line): for odd powers both are
negative nearly everywhere. Of heavy-tailed networks, J_f of f1(r) = sgn(ln r)|ln r|^L is -inf for L >= alpha on both
sides (see :mod:`deepcrit.physics.heavytails.spectrum`), so that the diagram of f1 depends on where the integral is cut.
The authors have densities from r = 0.01 to the characteristic radius. So each average comes in three readings:

    all      every eigenvalue
    window   those between both radii, as in the authors' code; what is left out counts as f = 0
    clipped  those beyond count at the nearest of both radii
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from deepcrit.core.arrays import Floats
from deepcrit.physics.heavytails.checks import LEAST_ALPHA, HeavyTailsError, Sigmoid, sigmoid
from deepcrit.physics.heavytails.meanfield import gain_at, ordered_gain
from deepcrit.physics.heavytails.spectrum import Spectrum
from deepcrit.stats.stable.checks import checked_alpha

LOG_POWERS = tuple(range(1, 7))
"""L of f1(r) = sgn(ln r) |ln r|^L."""

SHIFTED_POWERS = tuple(range(1, 102, 10))
"""L of f2(r) = (r - 2)^L."""

SMALLEST_RADIUS = 0.01
"""First radius, and step, of the authors' density."""

PHASE_READINGS = ("fixed_point", "radius")
FAMILIES = ("log", "shifted")
RADII = ("all", "window", "clipped")


def characteristic_gain(alpha: float, activation: str | Sigmoid = "tanh") -> float:
    """The ordered line as the authors' code has it: the gain at which y(1) = 0.01 y(0), characteristic radius one.

    At alpha = 2 it is the classical g = 1/phi'(0), as there: beyond it the edge stays at one to second order.

    Raises:
        StableError: alpha outside [1, 2].
    """
    alpha = checked_alpha(alpha, LEAST_ALPHA)
    if alpha == 2:
        return math.exp(float(sigmoid(activation).decay(np.zeros(1))[0]) / 2)

    def excess(log_q: float) -> float:
        q = float(np.exp(log_q))
        return float(np.log(Spectrum(alpha, gain_at(q, alpha, activation), q, activation).characteristic_radius))

    return gain_at(float(np.exp(brentq(excess, -30.0, 0.0, xtol=1e-9))), alpha, activation)


def line_gain(alpha: float, reading: str, activation: str | Sigmoid = "tanh") -> float:
    """Gain of the ordered line: reading `fixed_point`, q* = 0.01, or `radius`, characteristic radius one."""
    if reading not in PHASE_READINGS:
        raise HeavyTailsError(f"reading: found {reading!r}, expected one of {PHASE_READINGS}")
    return ordered_gain(alpha, activation) if reading == "fixed_point" else characteristic_gain(alpha, activation)


@dataclass(frozen=True)
class Averages:
    """J_f at gains of shape (g,).

    Attributes:
        gains: shape (g,).
        pseudolength: q*, shape (g,).
        median: radius within which half of the eigenvalues lie, shape (g,).
        characteristic_radius: shape (g,).
        values: J_f of shape (powers, g), by family, `log` for f1 and `shifted` for f2, and radii, one of `RADII`.
    """

    gains: Floats
    pseudolength: Floats
    median: Floats
    characteristic_radius: Floats
    values: dict[tuple[str, str], Floats]


def _average(spectrum: Spectrum, family: str, radii: str, powers: ArrayLike) -> Floats:
    average = spectrum.log_averages if family == "log" else spectrum.shifted_averages
    if radii == "all":
        return average(powers)
    largest = spectrum.characteristic_radius
    return average(powers, min(SMALLEST_RADIUS, largest / 2), largest, clip=radii == "clipped")


def jacobian_averages(
    alpha: float,
    gains: ArrayLike,
    log_powers: tuple[int, ...] = LOG_POWERS,
    shifted_powers: tuple[int, ...] = SHIFTED_POWERS,
    activation: str | Sigmoid = "tanh",
) -> Averages:
    """All averages at one alpha.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: a gain that is not positive and finite.
    """
    powers = {"log": log_powers, "shifted": shifted_powers}
    spectra = [Spectrum(alpha, float(gain), activation=activation) for gain in np.atleast_1d(gains)]
    values = {
        (family, radii): np.stack([_average(one, family, radii, powers[family]) for one in spectra], axis=1)
        for family in FAMILIES
        for radii in RADII
    }
    columns = np.array([[one.gain, one.pseudolength, one.median, one.characteristic_radius] for one in spectra])
    return Averages(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3], values)


@dataclass(frozen=True)
class PhaseColumn:
    """One alpha of the phase diagram.

    Attributes:
        alpha: index of stability.
        powers: L by family.
        averages: at the gains of the grid.
        lines: gain of the ordered line, by reading.
        at_line: averages at the ordered line, one gain, by reading.
    """

    alpha: float
    powers: dict[str, tuple[int, ...]]
    averages: Averages
    lines: dict[str, float]
    at_line: dict[str, Averages]
    activation: str | Sigmoid = "tanh"

    def excess(self, family: str, radii: str, reading: str) -> Floats:
        """J_f less its value at the ordered line, shape (powers, g); NaN where both are -inf."""
        for key, found, known in (
            ("family", family, FAMILIES),
            ("radii", radii, RADII),
            ("reading", reading, PHASE_READINGS),
        ):
            if found not in known:
                raise HeavyTailsError(f"{key}: found {found!r}, expected one of {known}")
        with np.errstate(invalid="ignore"):
            return self.averages.values[family, radii] - self.at_line[reading].values[family, radii]

    def largest_power(self, family: str, radii: str, reading: str) -> NDArray[np.int64]:
        """Largest L up to which J_f beats the ordered line at every L, shape (g,); zero where it never does.

        It stands for the colour of Fig. 2b.
        """
        beats = np.logical_and.accumulate(self.excess(family, radii, reading) > 0, axis=0)
        return np.array([0, *self.powers[family]])[beats.sum(axis=0)]

    def upper_gains(self, family: str, radii: str, reading: str, tolerance: float = 1e-4) -> Floats:
        """Where the region that beats the ordered line, and begins at it, ends above it: gains of shape (powers,).

        The green lines of Fig. 2b. It is the gain of the line where those just above do not beat it, NaN where both
        averages are -inf, and infinite where no gain of the grid fails to.
        """
        line = self.lines[reading]
        excess = self.excess(family, radii, reading)
        above = self.averages.gains > line
        beside = line * 1.001  # so that a region narrower than the grid is seen
        gains = np.append(beside, self.averages.gains[above])
        out = np.empty(len(excess))
        for row, values in enumerate(excess):
            power = [self.powers[family][row]]
            aim = float(self.at_line[reading].values[family, radii][row, 0])

            def relative(gain: float, power: list[int] = power, aim: float = aim) -> float:
                spectrum = Spectrum(self.alpha, gain, activation=self.activation)
                return float(_average(spectrum, family, radii, power)[0]) / abs(aim) - math.copysign(1, aim)

            if np.isnan(values).any():
                out[row] = math.nan
                continue
            worse = np.flatnonzero(np.append(relative(beside), values[above]) <= 0)
            if not worse.size:
                out[row] = math.inf
            elif worse[0] == 0:
                out[row] = line
            else:
                out[row] = brentq(relative, *gains[worse[0] - 1 : worse[0] + 1], xtol=tolerance)
        return out


def phase_column(
    alpha: float,
    gains: ArrayLike,
    log_powers: tuple[int, ...] = LOG_POWERS,
    shifted_powers: tuple[int, ...] = SHIFTED_POWERS,
    activation: str | Sigmoid = "tanh",
) -> PhaseColumn:
    """Averages on a grid of gains and at the ordered line in both readings.

    Args:
        alpha: index of stability, from 1 to 2.
        gains: g, increasing, shape (g,), from below the ordered line to above it.
        log_powers: L of f1.
        shifted_powers: L of f2.
        activation: name or sigmoid.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: gains that do not increase or all lie on one side of the ordered line.
    """
    grid = np.asarray(gains, np.float64)
    if grid.ndim != 1 or grid.size < 2 or not (np.diff(grid) > 0).all():
        raise HeavyTailsError("gains: found a grid that does not increase, expected two or more gains in order")
    lines = {reading: line_gain(alpha, reading, activation) for reading in PHASE_READINGS}
    for reading, line in lines.items():
        if not grid[0] < line < grid[-1]:
            raise HeavyTailsError(
                f"gains: found {grid[0]:g} to {grid[-1]:g} at alpha = {alpha:g}, expected a grid that straddles the "
                f"ordered line, at {line:.3f} by {reading}"
            )

    def averages(at: ArrayLike) -> Averages:
        return jacobian_averages(alpha, at, log_powers, shifted_powers, activation)

    at_line = {reading: averages([line]) for reading, line in lines.items()}
    powers = {"log": tuple(log_powers), "shifted": tuple(shifted_powers)}
    return PhaseColumn(float(alpha), powers, averages(grid), lines, at_line, activation)
