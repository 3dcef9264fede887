"""The one random variable behind the spectrum of heavy-tailed Jacobians: T = S S' E/E'.

S and S' are positive stable, E exp(-s S) = exp(-s^b), E and E' standard exponential, all independent. Since
(E'/S')^b is exponential too, all moments of T are known,

    E T^s = Gamma(1 - s/b)^2 Gamma(1 + s)/Gamma(1 - s),    -1 < Re s < b,

and P(T > x) is their inverse Mellin transform: one Fourier transform on a grid of u = ln x, exponentially accurate, on
lines Re s that keep the relative accuracy of either tail. For large u the double pole at s = b leaves

    P(T > e^u) = b e^(-bu) (n (b u - 2 gamma) - b n'),    n = Gamma(b)/Gamma(1 - b),    n' = n (psi(b) + psi(1 - b)),

up to e^(-bu) of itself. At b = 1, S = S' = 1 and P(T > x) = 1/(1 + x).
"""

import functools
import math
from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gamma, loggamma

from deepcrit.core.arrays import Floats
from deepcrit.core.compiled import njit

TABLE_START = -40.0
_SPACING = 0.02
_POINTS = 1 << 14
_HIGHEST = 40.0  # frequency at which moments have fallen to e^(-pi 40)


class Product(NamedTuple):
    """Tables of ln T on a grid of u that starts at -40.

    Attributes:
        b: exponent.
        spacing: of the grid.
        table: P(ln T > u), density of ln T and its derivative, shape (points, 3).
        end: where the grid ends and the tail takes over.
        tail: (linear, constant): there P(ln T > u) = e^(-bu) (linear u + constant).
    """

    b: float
    spacing: float
    table: Floats
    end: float
    tail: tuple[float, float]

    @property
    def u(self) -> Floats:
        """The grid."""
        return np.asarray(TABLE_START + self.spacing * np.arange(len(self.table)), np.float64)


def _inverse(b: float, line: float) -> Floats:
    """e^(-su)-transforms of E T^s times 1/s, 1 and -s along Re s = line: shape (3, points), u = 0 first."""
    w = 2 * np.pi / (_POINTS * _SPACING) * np.arange(_POINTS // 2 + 1)
    s = line + 1j * w[w < _HIGHEST]
    moments = np.exp(2 * loggamma(1 - s / b) + loggamma(1 + s) - loggamma(1 - s))
    transforms = np.zeros((3, w.size), np.complex128)
    transforms[:, : s.size] = np.conj([moments / s, moments, -s * moments])
    u = _SPACING * np.fft.fftfreq(_POINTS, 1 / _POINTS)
    return np.asarray(np.fft.irfft(transforms, _POINTS, axis=1) / _SPACING * np.exp(-line * u), np.float64)


@functools.lru_cache(maxsize=64)
def product(b: float) -> Product:
    """Tables for 0.5 <= b <= 1, to 1e-9."""
    end = 36 / b
    count = int(end / _SPACING) + 2
    below = -int(TABLE_START / _SPACING)
    left = _inverse(b, -0.5)[:, -below:]
    left[0] += 1
    right = _inverse(b, 0.75 * b)[:, :count]
    if b == 1:
        linear, constant = 0.0, 1.0
    else:
        n = float(gamma(b) / gamma(1 - b))
        linear = b * b * n
        constant = -b * n * (2 * np.euler_gamma + b * float(digamma(b) + digamma(1 - b)))
    table = np.ascontiguousarray(np.concatenate([left, right], axis=1).T)
    return Product(b, _SPACING, table, end, (linear, constant))


@njit(cache=True, nogil=True, error_model="numpy")
def averages(  # type: ignore[no-untyped-def]
    u: Floats, t: Floats, weights: Floats, b: float, spacing: float, table: Floats, end: float,
    linear: float, constant: float, out: Floats,
):  # fmt: skip
    """Sums over shifts t, shape (m,), of the weighted P(ln T > u + t) and density there; out of shape (n, 2)."""
    for i in range(u.size):
        above = 0.0
        density = 0.0
        for j in range(t.size):
            v = u[i] + t[j]
            if v >= end:
                fall = weights[j] * np.exp(-b * v)
                above += fall * (linear * v + constant)
                density += fall * (b * (linear * v + constant) - linear)
            elif v <= TABLE_START:
                above += weights[j]
            else:
                place = (v - TABLE_START) / spacing
                k = int(place)
                z = place - k
                # cubic Hermite interpolation from values and derivatives at both ends
                left = (1 + 2 * z) * (1 - z) * (1 - z)
                left_slope = z * (1 - z) * (1 - z) * spacing
                right_slope = z * z * (z - 1) * spacing
                a, c = table[k], table[k + 1]
                above += weights[j] * (left * a[0] + (1 - left) * c[0] - left_slope * a[1] - right_slope * c[1])
                density += weights[j] * (left * a[1] + (1 - left) * c[1] + left_slope * a[2] + right_slope * c[2])
        out[i, 0] = above
        out[i, 1] = density


def laplace_coefficient(alpha: float) -> float:
    """c of the stable variables of cavity theory: E exp(-s S) = exp(-c s^(alpha/2))."""
    return float(gamma(1 + alpha) / (2 * gamma(1 + alpha / 2)))


def order_parameter_at_zero(alpha: float) -> float:
    """y(0) = (2/Gamma(1 + alpha))^(1/alpha)."""
    return math.pow(2 / float(gamma(1 + alpha)), 1 / alpha)
