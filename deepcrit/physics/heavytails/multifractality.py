"""How far eigenvectors spread over neurons: inverse participation ratios and fractal dimensions (qu2022, Eq. 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import digamma, gammaln

from deepcrit.core.arrays import Floats
from deepcrit.physics.heavytails.checks import LEAST_ALPHA, HeavyTailsError
from deepcrit.stats.stable import sample_positive
from deepcrit.stats.stable.checks import checked_alpha

POWERS = np.linspace(0, 2, 50)
"""The powers q that are published."""

_NEAR = 0.1  # distance of q from one within which differences are taken


def dimensions(vectors: NDArray[np.floating] | NDArray[np.complexfloating], powers: ArrayLike = POWERS) -> Floats:
    """D_q = ln(sum p^q)/((1 - q) ln N) of each column, with p = |v|^2/sum |v|^2; its limit, an entropy, at q = 1.

    Zero for a vector of one entry, one for entries of equal modulus.

    Args:
        vectors: shape (N, vectors) with N >= 2, real or complex, of any norm but zero.
        powers: q >= 0, shape (q,).

    Returns:
        Shape (q, vectors).

    Raises:
        HeavyTailsError: one dimension too few, a vector that is zero or not finite, a negative power.
    """
    q = np.asarray(powers, np.float64)
    if q.ndim != 1 or not (np.isfinite(q) & (q >= 0)).all():
        raise HeavyTailsError(f"powers: found {powers!r}, expected finite numbers that are not negative")
    if vectors.ndim != 2 or vectors.shape[0] < 2:
        raise HeavyTailsError(f"vectors: found shape {vectors.shape}, expected (N, vectors) with N of two or more")
    size = np.abs(vectors).astype(np.float64)
    peak = size.max(axis=0) if size.size else np.ones(0)
    if not ((peak > 0) & np.isfinite(peak)).all():
        raise HeavyTailsError("vectors: found one that is zero or not finite, expected none")
    # logarithms, because the square of an entry that counts at q = 0 may be below the smallest float
    with np.errstate(divide="ignore"):
        log_p = 2 * np.log(size / peak)
    log_p -= np.log(np.exp(log_p).sum(axis=0))
    p, log_p = np.exp(log_p), np.where(size > 0, log_p, 0)
    out = np.empty((q.size, vectors.shape[1]))
    for row, power in enumerate(q):
        if power == 1:
            out[row] = -(p * log_p).sum(axis=0)
        elif abs(power - 1) < _NEAR:
            # sum p^q = 1 + sum p (p^(q-1) - 1), which keeps its digits
            out[row] = np.log1p((p * np.expm1((power - 1) * log_p)).sum(axis=0)) / (1 - power)
        else:
            out[row] = np.log((np.exp(power * log_p) * (size > 0)).sum(axis=0)) / (1 - power)
    return out / np.log(vectors.shape[0])


@dataclass(frozen=True)
class DimensionSpectrum:
    """D_q over the eigenvectors of a matrix.

    Attributes:
        powers: q, shape (q,).
        mean, spread: over eigenvectors, shape (q,); the spread is a standard deviation.
        size: N.
        vectors: how many eigenvectors.
    """

    powers: Floats
    mean: Floats
    spread: Floats
    size: int
    vectors: int


def right_eigenvectors(matrix: Floats) -> tuple[NDArray[np.complexfloating], NDArray[np.complexfloating]]:
    """Eigenvalues, shape (N,), and right eigenvectors in columns, shape (N, N), of a layerwise Jacobian W D.

    Saturated neurons make columns of W D exponentially small. LAPACK balances a matrix before it looks for
    eigenvectors, here by the roots of such columns, and rounding errors divided by these roots end up in all of them,
    which then seem localised on the neuron that is most saturated. Columns below rounding, of the largest one, are
    therefore zero here; so are their eigenvalues, to rounding, and their eigenvectors are on these neurons alone.

    Raises:
        HeavyTailsError: a matrix that is not square or not finite.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise HeavyTailsError(f"matrix: found shape {matrix.shape}, expected a square one")
    if not np.isfinite(matrix).all():
        raise HeavyTailsError("matrix: found entries that are not finite, expected none")
    found = np.asarray(matrix, np.float64)
    columns = np.abs(found).max(axis=0)
    return np.linalg.eig(np.where(columns > np.finfo(np.float64).eps * columns.max(), found, 0.0))


def dimension_spectrum(matrix: Floats, powers: ArrayLike = POWERS) -> DimensionSpectrum:
    """Mean and spread of D_q over the right eigenvectors of a square matrix, in double precision.

    Left eigenvectors of W D are right ones of its transpose.

    Raises:
        HeavyTailsError: a matrix that is not square or not finite.
    """
    vectors = right_eigenvectors(matrix)[1]
    found = dimensions(vectors, powers)
    spread = found.std(axis=1, ddof=1)
    return DimensionSpectrum(np.asarray(powers, np.float64), found.mean(axis=1), spread, *vectors.shape)


def delocalised_dimensions(size: int, complex_entries: bool, powers: ArrayLike = POWERS) -> Floats:
    """D_q of delocalised vectors of finite size, whose entries are Gaussian: 1 + ln m_q/((1 - q) ln N), shape (q,).

    m_q = E|v|^(2q) at unit variance is 2^q Gamma(q + 1/2)/sqrt(pi) of real entries and Gamma(q + 1) of complex ones:
    D_2 = 1 - ln 3/ln N and 1 - ln 2/ln N. They are the nulls of any claim of multifractality.

    Raises:
        HeavyTailsError: a size below two.
    """
    if size < 2:
        raise HeavyTailsError(f"size: found {size}, expected two or more")
    q = np.asarray(powers, np.float64)
    if complex_entries:
        log_moment, slope = gammaln(q + 1), digamma(2.0)
    else:
        log_moment = q * np.log(2) + gammaln(q + 0.5) - gammaln(0.5)
        slope = np.log(2) + digamma(1.5)
    near = q == 1
    ratio = np.where(near, -slope, log_moment / np.where(near, 1, 1 - q))
    return np.asarray(1 + ratio / np.log(size), np.float64)


def stable_dimensions(alpha: float, powers: ArrayLike = POWERS) -> Floats:
    """D_q, as N grows, of vectors whose entries are independent and stable of index alpha, shape (q,).

    Entries of a right eigenvector of W D are sums of stable weights, v_i = sum_j W_ij D_j v_j/z. For alpha < 2 their
    squares have the tail index alpha/2 < 1, so that sum |v|^2 ~ N^(2/alpha) is that of its largest term, and

        D_q = (1 - 2 q/alpha)/(1 - q) for q < alpha/2, and zero beyond.

    So D_2 tends to zero, as one over ln N: what is found in between is of finite size. It is one at alpha = 2.

    Raises:
        StableError: alpha outside [1, 2].
    """
    q, alpha = np.asarray(powers, np.float64), checked_alpha(alpha, LEAST_ALPHA)
    if alpha == 2:
        return np.ones_like(q)
    below = q < alpha / 2
    return np.where(below, (1 - 2 * q / alpha) / np.where(below, 1 - q, 1), 0.0)


def stable_vectors(rng: np.random.Generator, size: int, vectors: int, alpha: float) -> NDArray[np.complex128]:
    """Vectors of independent entries with isotropic stable law, sqrt(S) times a complex normal, shape (size, vectors).

    What right eigenvectors of W D would be, were their entries independent; at alpha = 2 they are Gaussian.

    Raises:
        StableError: alpha outside [1, 2].
    """
    spread = np.sqrt(sample_positive(rng, (size, vectors), checked_alpha(alpha, LEAST_ALPHA) / 2))
    return np.asarray(spread * (rng.standard_normal((size, vectors)) + 1j * rng.standard_normal((size, vectors))))
