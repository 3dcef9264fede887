"""Eigenvalues of layerwise Jacobians W D of heavy-tailed networks: their radial distribution in closed form.

Cavity theory (qu2022, Eqs. 7 and 8) has an order parameter y(r), which solves

    1 = E[(a/(r^2 + y^2 a S'))^b],    a = chi^2 S,    chi = g phi'(h),    b = alpha/2,

with h ~ S_alpha((q*/2)^(1/alpha)), and a radial distribution P(|z| < r) = E[r^2/(r^2 + y^2 a S')], of which the printed
density is the derivative. S and S' are positive stable, E exp(-s S) = exp(-c s^b), c = Gamma(1 + alpha)/(2 Gamma(1+b)).

Both equations can be solved once and for all. Write x = r^2/(c^(1/b) y^2) and T = a S'' E/E', with S'' of coefficient
one, E and E' standard exponential. Integrating S' out turns the first into c y^alpha Gamma(1 + b) = P(T > x), and
1/(1 + m) = P(m E < E') turns the second into P(|z| < r) = P(T < x). Hence

    P(|z| > r) = (y(r)/y(0))^alpha = P(T > x),    r^2 = x (P(T > x)/Gamma(1 + b))^(1/b):

a curve with parameter x and no equation left to solve. P(T > x) is an average over h of the tables of
:mod:`deepcrit.physics.heavytails.products`. At alpha = 2, r^2 = E[x chi^2/(x + chi^2)] ends at r^2 = E chi^2; below it
r^alpha ~ ln x is unbounded, and y falls exponentially.

Two ends are worth knowing. Saturated neurons, phi'(h) ~ exp(-2 |h|), put eigenvalues exponentially close to zero:
P(ln 1/|z| > t) ~ t^-alpha for alpha < 2. So the average of |ln |z||^L is infinite for L >= alpha, whatever the gain.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from deepcrit.core.arrays import Floats
from deepcrit.physics.heavytails.checks import LEAST_ALPHA, HeavyTailsError, Sigmoid, checked_gain, sigmoid
from deepcrit.physics.heavytails.meanfield import fixed_point, scale_of
from deepcrit.physics.heavytails.products import (
    TABLE_START,
    averages,
    laplace_coefficient,
    order_parameter_at_zero,
    product,
)
from deepcrit.stats import stable
from deepcrit.stats.stable.checks import checked_alpha

CHARACTERISTIC = 0.01
"""y(r)/y(0) at the characteristic radius, the reading of the authors' code."""

_EDGE = -30.0  # u = ln x, up to a constant, below which P(T < x) is that of saturated neurons
_FARTHEST = -1e4
_AT_EDGE = 18.0
_KERNEL_STRIDE = 30  # rows of the tables, steps of 0.6 in u: e^(-2 pi^2/0.6) of the density is left
_NEURON_STEP = 0.15
_WIDTH = 0.5  # of h, over which the step of neurons turns from logarithmic to even
_NODES = 12


def _panels(alpha: float) -> Floats:
    """Edges of panels in u within which everything is smooth."""
    left = -np.geomspace(-_FARTHEST, -_EDGE, 27)
    middle = np.linspace(_EDGE, 36.0, 20)
    right = np.geomspace(36.0, 1300.0 / alpha, 26)
    return np.concatenate([left, middle[1:], right[1:]])


@dataclass(frozen=True)
class SpectrumCurve:
    """Points of the spectrum's curve: u = ln x - ln(g^2 c^(1/b)), ln r, P(|z| > r) and its slope -d/du, one shape."""

    u: Floats
    log_radius: Floats
    survival: Floats
    slope: Floats


class Spectrum:
    """Radial distribution of the eigenvalues of W D, or D W, at the fixed point of an infinitely wide network.

    Args:
        alpha: index of stability, from 1 to 2.
        gain: g = D_w^(1/alpha).
        pseudolength: q of the pre-activations; the fixed point of a network without bias if None. Where it is zero, all
            slopes are phi'(0).
        activation: name or sigmoid.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: for another argument outside its range.
    """

    def __init__(
        self, alpha: float, gain: float, pseudolength: float | None = None, activation: str | Sigmoid = "tanh"
    ) -> None:
        self.alpha, self.gain = checked_alpha(alpha, LEAST_ALPHA), checked_gain(gain)
        self._saturates = self.alpha < 2 and pseudolength != 0
        if pseudolength is None:
            pseudolength = fixed_point(alpha, gain, activation=activation)
        if not 0 <= pseudolength < math.inf:
            raise HeavyTailsError(f"pseudolength: found {pseudolength}, expected a finite number that is not negative")
        self.pseudolength = float(pseudolength)
        self._b = self.alpha / 2
        self._law = product(self._b)
        self._sigmoid = sigmoid(activation)
        self._scale = scale_of(self.pseudolength, self.alpha)
        self._log_unit = math.log(self.gain) + math.log(laplace_coefficient(self.alpha)) / self.alpha
        self._log_norm = float(gammaln(1 + self._b))
        self._decay, self._weights = self._neurons()
        self._quadratures: dict[tuple[float, float], tuple[Floats, Floats]] = {}

    def _neurons(self) -> tuple[Floats, Floats]:
        """Decays t = -2 ln phi'(h) and weights of a trapezoidal rule over |h|.

        h = w asinh((scale/w) sinh v) steps evenly in ln h between the scale of h and w, and evenly in h beyond; a scale
        above w needs no logarithm.
        """
        if self._scale < 1e-250:
            return self._sigmoid.decay(np.zeros(1)), np.ones(1)
        farthest = float(self._sigmoid.depth(np.array([36 / self._b - _EDGE]))[0])
        ratio = min(self._scale / _WIDTH, 1.0)
        v = np.arange(0, farthest / _WIDTH - math.log(ratio) + 1, _NEURON_STEP)
        stretched = ratio * np.sinh(v)
        h = _WIDTH * np.arcsinh(stretched)
        weights = 2 * _NEURON_STEP * _WIDTH * ratio * np.cosh(v) / np.sqrt(1 + stretched**2)
        weights[0] /= 2
        return self._sigmoid.decay(h), weights * stable.density(h, self.alpha, self._scale)

    @functools.cached_property
    def _kernel(self) -> tuple[Floats, Floats, Floats]:
        """Points t, and the density of ln T at constant chi and its derivative there, each times a step."""
        first = round((_EDGE - TABLE_START) / self._law.spacing)
        table = self._law.table[first::_KERNEL_STRIDE]
        step = _KERNEL_STRIDE * self._law.spacing
        return self._law.u[first::_KERNEL_STRIDE], step * table[:, 1], step * table[:, 2]

    @functools.cached_property
    def _tail_sums(self) -> tuple[float, float]:
        """Sums of weights e^(-bt) and of t times that, which the tail needs."""
        fall = self._weights * np.exp(-self._b * self._decay)
        return float(fall.sum()), float((fall * self._decay).sum())

    def curve(self, u: ArrayLike) -> SpectrumCurve:
        """Points of the curve at finite u = ln x - ln(g^2 c^(1/b)), shape (n,)."""
        u = np.asarray(u, np.float64)
        found = np.empty((u.size, 2))
        b = self._b
        low, high = u < _EDGE, u >= self._law.end
        middle = ~(low | high)
        if middle.any():
            inside = np.empty((int(middle.sum()), 2))
            averages(np.ascontiguousarray(u[middle]), self._decay, self._weights, b, self._law.spacing,
                     self._law.table, self._law.end, *self._law.tail, inside)  # fmt: skip
            found[middle] = inside
        if high.any():
            # every neuron is in the tail of T
            (linear, constant), (zeroth, first) = self._law.tail, self._tail_sums
            fall, at = np.exp(-b * u[high]), linear * (u[high] * zeroth + first) + constant * zeroth
            found[high, 0] = fall * at
            found[high, 1] = fall * (b * at - linear * zeroth)
        if low.any():
            # P(T < x) is the probability that a neuron is that saturated, smoothed by the density of ln T
            t, density, derivative = self._kernel
            if self._scale < 1e-250:
                found[low] = 1.0, 0.0
            else:
                depth = self._sigmoid.depth(t[None, :] - u[low][:, None])
                saturated = 2 * stable.survival(depth, self.alpha, self._scale)
                found[low, 0] = 1 - np.einsum("ut,t->u", saturated, density)
                found[low, 1] = np.einsum("ut,t->u", saturated, derivative)
        log_radius = self._log_unit + u / 2 + (np.log(found[:, 0]) - self._log_norm) / self.alpha
        return SpectrumCurve(u, log_radius, found[:, 0], found[:, 1])

    @functools.cached_property
    def _lattice(self) -> SpectrumCurve:
        return self.curve(_panels(self.alpha))

    def _find(self, targets: Floats, radial: bool) -> Floats:
        """u where ln r, or else ln P(|z| < r... > r), is the target; -inf and inf beyond the lattice."""

        def value(curve: SpectrumCurve) -> tuple[Floats, Floats]:
            hazard = curve.slope / curve.survival
            if radial:
                return curve.log_radius, 0.5 - hazard / self.alpha
            return -np.log(curve.survival), hazard

        lattice, heights = self._lattice.u, np.maximum.accumulate(value(self._lattice)[0])
        place = np.searchsorted(heights, targets)
        out = np.where(place == 0, -math.inf, math.inf)
        inside = (place > 0) & (place < lattice.size)
        low, high, aim = lattice[place[inside] - 1], lattice[place[inside]], targets[inside]
        u = (low + high) / 2
        for _ in range(80):
            height, rise = value(self.curve(u))
            low, high = np.where(height < aim, u, low), np.where(height >= aim, u, high)
            with np.errstate(divide="ignore", invalid="ignore"):
                step = u + (aim - height) / rise
            new = np.where((step > low) & (step < high), step, (low + high) / 2)
            done = np.abs(new - u) <= 1e-13 * np.maximum(np.abs(u), 1)
            u = new
            if done.all():
                break
        out[inside] = u
        return out

    def _at(self, r: ArrayLike) -> tuple[Floats, Floats]:
        """P(|z| > r) and its slope by -ln r, for r >= 0 of any shape."""
        r = np.asarray(r, np.float64)
        if not (r >= 0).all():
            raise HeavyTailsError("r: found a radius that is negative or NaN, expected none")
        with np.errstate(divide="ignore"):
            u = self._find(np.log(r).ravel(), True)
        survival = np.where(u < 0, 1.0, 0.0)
        slope = np.zeros_like(survival)
        finite = np.isfinite(u)
        curve = self.curve(u[finite])
        survival[finite] = curve.survival
        slope[finite] = self._by_log_radius(curve)
        return survival.reshape(r.shape), slope.reshape(r.shape)

    def _by_log_radius(self, curve: SpectrumCurve) -> Floats:
        """Slope of P(|z| > r) by -ln r."""
        rise = 0.5 - curve.slope / curve.survival / self.alpha
        if self.alpha < 2:
            return curve.slope / rise
        # at the edge, where r grows no more, the ratio tends to 2 (E chi^2)^2/E chi^4
        at_edge = curve.u > _AT_EDGE
        squares = float((self._weights * np.exp(-2 * self._decay)).sum())
        return np.where(at_edge, 2 * self._tail_sums[0] ** 2 / squares, curve.slope / np.where(at_edge, 1, rise))

    def survival(self, r: ArrayLike) -> Floats:
        """P(|z| > r), to 1e-8, in the shape of r >= 0."""
        return self._at(r)[0]

    def distribution(self, r: ArrayLike) -> Floats:
        """P(|z| <= r), to 1e-8, in the shape of r >= 0."""
        return 1 - self.survival(r)

    def radial_density(self, r: ArrayLike) -> Floats:
        """Density of |z| per unit of radius, in the shape of r > 0."""
        return self._at(r)[1] / np.asarray(r, np.float64)

    def plane_density(self, r: ArrayLike) -> Floats:
        """rho(z) of Eq. 7, per unit of area of the complex plane, at |z| = r > 0."""
        return self.radial_density(r) / (2 * np.pi * np.asarray(r, np.float64))

    def order_parameter(self, r: ArrayLike) -> Floats:
        """y(r), the solution of Eq. 8, in the shape of r >= 0; zero beyond the edge at alpha = 2."""
        return order_parameter_at_zero(self.alpha) * self.survival(r) ** (1 / self.alpha)

    def radius(self, survival: ArrayLike) -> Floats:
        """r with P(|z| > r) = survival in (0, 1], any shape; zero where r is below the smallest float."""
        p = np.asarray(survival, np.float64)
        if not ((p > 0) & (p <= 1)).all():
            raise HeavyTailsError("survival: found a number outside (0, 1], expected a probability")
        u = self._find(-np.log(p).ravel(), False)
        finite = np.isfinite(u)
        out = np.where(u < 0, 0.0, math.inf)
        out[finite] = np.exp(self.curve(u[finite]).log_radius)
        return out.reshape(p.shape)

    @property
    def median(self) -> float:
        """The radius that half of all eigenvalues lie within."""
        return float(self.radius(0.5))

    @property
    def characteristic_radius(self) -> float:
        """The radius at which y(r) = 0.01 y(0), where the authors' density ends."""
        return float(self.radius(CHARACTERISTIC**self.alpha))

    @property
    def edge(self) -> float:
        """The largest modulus, sqrt(E chi^2) at alpha = 2, else infinite."""
        if self.alpha < 2:
            return math.inf
        return self.gain * math.sqrt(self._tail_sums[0])

    def _nodes(self, smallest: float, largest: float) -> tuple[Floats, Floats]:
        """ln r and weights of a quadrature over the law of r between two radii."""
        if (smallest, largest) not in self._quadratures:
            edges = self._edges(smallest, largest)
            place, weight = np.polynomial.legendre.leggauss(_NODES)
            half = np.diff(edges)[:, None] / 2
            curve = self.curve((edges[:-1, None] + half * (1 + place)).ravel())
            self._quadratures[smallest, largest] = curve.log_radius, curve.slope * (half * weight).ravel()
        return self._quadratures[smallest, largest]

    def _edges(self, smallest: float, largest: float) -> Floats:
        """Edges of panels between two radii, one of them at r = 1, where sgn(ln r) |ln r|^L may have a kink."""
        lattice = self._lattice.u
        with np.errstate(divide="ignore"):
            low, one, high = self._find(np.log([smallest, 1.0, largest]), True)
        low, high = max(low, lattice[0]), min(high, lattice[-1])
        inside = lattice[(lattice > low) & (lattice < high)]
        return np.unique(np.concatenate([[low, high], inside, [one] if low < one < high else []]))

    def log_averages(
        self, powers: ArrayLike, smallest: float = 0.0, largest: float = math.inf, clip: bool = False
    ) -> Floats:
        """J_f = E f(|z|) for f(r) = sgn(ln r) |ln r|^L, at the powers L of shape (n,); relative error below 1e-6.

        It is -inf where saturated neurons make it so: for L >= alpha, if alpha < 2 and no radius is too small.

        Args:
            powers: L, positive integers.
            smallest: radius below which eigenvalues are left out, without normalising those that remain.
            largest: radius above which they are.
            clip: count those at the nearest of both radii instead.

        Raises:
            HeavyTailsError: powers that are no positive integers, radii in the wrong order.
        """
        powers = _checked_powers(powers)

        def f(log_r: Floats) -> Floats:
            return np.sign(log_r) * np.abs(log_r) ** powers[:, None]

        found = self._average(f, smallest, largest, clip)
        if smallest > 0 or not self._saturates:
            return found
        # beyond the lattice, P(T < x) = P (1 + (U - u)/w)^-alpha with the slope at its end U, and r = sqrt(x)
        end = self.curve(np.array([_FARTHEST]))
        probability, slope = 1 - float(end.survival[0]), float(end.slope[0])
        if probability > 0 and self.alpha > 1:
            further = self.alpha * probability / slope / 2 / (self.alpha - 1)
            found = found + probability * (end.log_radius[0] - further)
        return np.where(powers < self.alpha, found, -math.inf)

    def shifted_averages(
        self, powers: ArrayLike, smallest: float = 0.0, largest: float = math.inf, clip: bool = False
    ) -> Floats:
        """J_f = E f(|z|) for f(r) = (r - 2)^L; arguments and errors as `log_averages`, and finite at every alpha."""
        powers = _checked_powers(powers)

        def f(log_r: Floats) -> Floats:
            return (np.exp(log_r) - 2) ** powers[:, None]

        found = self._average(f, smallest, largest, clip)
        if smallest == 0:
            found = found + (-2.0) ** powers * (1 - float(self.curve(np.array([_FARTHEST])).survival[0]))
        return found

    def _average(self, f: Callable[[Floats], Floats], smallest: float, largest: float, clip: bool) -> Floats:
        if not 0 <= smallest < largest:
            raise HeavyTailsError(f"radii: found {smallest} to {largest}, expected 0 <= smallest < largest")
        log_r, weights = self._nodes(smallest, largest)
        found: Floats = f(log_r) @ weights
        if clip:
            for radius in (smallest, largest):
                if 0 < radius < math.inf:
                    above = float(self.survival(radius))
                    found = found + f(np.log([radius]))[:, 0] * (1 - above if radius == smallest else above)
        return found


def _checked_powers(powers: ArrayLike) -> Floats:
    found = np.asarray(powers, np.float64)
    if found.ndim != 1 or not ((found >= 1) & (found == np.round(found))).all():
        raise HeavyTailsError(f"powers: found {powers!r}, expected a list of positive integers")
    return found
