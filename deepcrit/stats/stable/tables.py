"""Symmetric stable laws of unit scale, tabulated once from their Fourier integral.

With eps = 2 - alpha, density and survival function are written as those of the normal law plus a correction,

    f(x; alpha) = f(x; 2) + eps G(x, alpha),    P(X > x; alpha) = P(X > x; 2) + eps H(x, alpha),

    G = Re integral_0^inf exp(iux) g(u) du / pi,    H = -Im integral_0^inf exp(iux) g(u)/u du / pi,

    g(u) = (exp(-u^alpha) - exp(-u^2)) / eps,

so that near alpha = 2, where a normal core meets a power tail of weight eps, each part keeps its own relative accuracy.
On a ray into the upper half plane nothing oscillates for long and nothing cancels: a trapezoidal sum of 250 terms gives
every alpha in [0.5, 2], 1 and 2 included, to 1e-13. G and H are smooth in log2(alpha), where they are
expanded in Chebyshev polynomials, and piecewise polynomial in x, on cells that divide each octave of x + 1/4 equally.

From x = 15.75 on, the series at infinity (Bergstrom 1952; Feller, vol. 2, XVII.7) takes over:

    f = x^-(1 + alpha) sum_k a_k x^-(alpha (k - 1)),    a_k = Gamma(alpha k + 1)/k! sin(pi k eps/2)/pi,

    P(X > x) = x^-alpha sum_k b_k x^-(alpha (k - 1)),    b_k = a_k / (alpha k),

which there holds to 1e-12 after 14 terms for every alpha.
"""

import functools
import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import digamma, erfc, gammaln, polygamma

from deepcrit.core.arrays import Complex, Floats
from deepcrit.stats.stable.kernels import CELL_START, CELLS, DEGREE, OCTAVES, TERMS, add_corrections

_ALPHAS = 36
"""Chebyshev polynomials in log2(alpha)."""


class Table(NamedTuple):
    """One law of unit scale, with derivatives with respect to alpha of order 0, 1 and 2 along the first axis.

    Attributes:
        density: coefficients in the cells, shape (3, cells, degree + 1).
        density_tail: a_k and its derivatives, shape (3, terms).
        survival: coefficients in the cells, shape (cells, degree + 1).
        survival_tail: b_k, shape (terms,).
    """

    alpha: float
    density: Floats
    density_tail: Floats
    survival: Floats
    survival_tail: Floats


def contour() -> tuple[Complex, Complex]:
    """Nodes u on the ray arg u = pi/8 and weights du, of shape (nodes,): |u| = exp(t - exp(-t)), t in equal steps."""
    step = 0.05
    t = np.arange(-4.4, 8.0, step)
    radius = np.exp(t - np.exp(-t))
    direction = complex(math.cos(math.pi / 8), math.sin(math.pi / 8))
    return radius * direction, step * radius * (1 + np.exp(-t)) * direction


def corrections(x: Floats, alphas: Floats) -> tuple[Floats, Floats]:
    """G and H at x >= 0 of shape (points,) and alphas of shape (m,) in [0.5, 2], each of shape (points, m)."""
    u, weight = contour()
    eps = 2 - alphas[:, None]
    normal = np.exp(-u * u)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        exponent = -u * u * np.expm1(-eps * np.log(u))  # u^2 - u^alpha
        close = np.abs(exponent) < 1
        near = normal * np.expm1(np.where(close, exponent, 0))
        apart = np.exp(-np.exp(alphas[:, None] * np.log(u))) - normal
    difference = np.where(close, near, apart)
    limit = normal * u * u * np.log(u)
    g = weight / math.pi * np.where(eps > 0, difference / np.where(eps > 0, eps, 1), limit)
    wave = np.exp(1j * np.outer(x, u))
    # einsum, not BLAS, whose bytes may depend on the number of threads
    density: Any = np.einsum("xu,au->xa", wave, g).real
    survival: Any = np.einsum("xu,au->xa", wave, g / u).imag
    return np.asarray(density, np.float64), -np.asarray(survival, np.float64)


def normal_law(x: Floats) -> tuple[Floats, Floats]:
    """Density and survival function at alpha = 2, of variance 2."""
    return np.exp(-x * x / 4) / (2 * math.sqrt(math.pi)), np.asarray(erfc(x / 2) / 2, np.float64)


@functools.cache
def _cells() -> tuple[Floats, Floats, Floats, Floats]:
    """Coefficients of the normal law, shape (values,), and of G and H, shape (alphas, values)."""
    nodes = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    per_octave = CELLS // OCTAVES
    octave = CELL_START * 2.0 ** np.arange(OCTAVES)[:, None, None]
    cell = np.arange(per_octave)[:, None]
    x = (octave * (1 + (cell + (nodes + 1) / 2) / per_octave) - CELL_START).ravel()

    angles = np.pi * (np.arange(_ALPHAS) + 0.5) / _ALPHAS
    to_chebyshev = 2 / _ALPHAS * np.cos(np.outer(np.arange(_ALPHAS), angles))
    to_chebyshev[0] /= 2
    to_monomials = np.linalg.inv(np.vander(nodes, DEGREE + 1, increasing=True))

    def polynomials(values: Floats) -> Floats:
        """From values of shape (m, cells * nodes) to coefficients of the same shape."""
        shaped = values.reshape(len(values), CELLS, DEGREE + 1)
        found: Any = np.einsum("dn,mcn->mcd", to_monomials, shaped)
        return np.ascontiguousarray(found.reshape(len(values), -1), np.float64)

    expanded = []
    for values in corrections(x, 2.0 ** np.cos(angles)):
        series: Any = np.einsum("ja,xa->jx", to_chebyshev, values)
        expanded.append(polynomials(series))
    density, survival = normal_law(x)
    return polynomials(density[None])[0], polynomials(survival[None])[0], expanded[0], expanded[1]


def _tail(eps: float) -> Floats:
    """a_k and its first two derivatives with respect to alpha, shape (3, terms)."""
    k = np.arange(1, TERMS + 1)
    alpha = 2 - eps
    size = np.exp(gammaln(alpha * k + 1) - gammaln(k + 1)) / math.pi
    psi, trigamma = digamma(alpha * k + 1), polygamma(1, alpha * k + 1)
    angle = math.pi / 2 * k
    sine, cosine = np.sin(angle * eps), np.cos(angle * eps)
    first = k * psi * sine - angle * cosine
    second = (k * k * (psi * psi + trigamma) - angle * angle) * sine - 2 * k * psi * angle * cosine
    return np.asarray(size * np.stack([sine, first, second]), np.float64)


@functools.lru_cache(maxsize=64)
def density_table(eps: float) -> Table:
    """The law of index alpha = 2 - eps, for eps in [0, 1.5], which near alpha = 2 keeps the digits of the tail."""
    normal_density, normal_survival, density, survival = _cells()
    cells = np.zeros((3, normal_density.size))
    upper = np.zeros((1, normal_survival.size))
    for values, normal, expansion in ((cells, normal_density, density), (upper, normal_survival, survival)):
        values[0] = normal
        add_corrections(eps, expansion, values)
    tail = _tail(eps)
    alpha = 2 - eps
    return Table(
        alpha=alpha,
        density=cells.reshape(3, CELLS, DEGREE + 1),
        density_tail=tail,
        survival=upper.reshape(CELLS, DEGREE + 1),
        survival_tail=tail[0] / (alpha * np.arange(1, TERMS + 1)),
    )
