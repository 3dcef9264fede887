"""Stable variates: symmetric ones from tabulated quantiles, the exact reference, and positive ones."""

import functools

import numpy as np

from deepcrit.core.arrays import Floats
from deepcrit.stats.stable import kernels
from deepcrit.stats.stable.checks import checked_alpha, checked_location, checked_scale
from deepcrit.stats.stable.laws import upper_quantile
from deepcrit.stats.stable.positive import checked_exponent

_Shape = int | tuple[int, ...]


@functools.lru_cache(maxsize=16)
def quantile_cells(alpha: float) -> Floats:
    """|x| as a cubic of u = P(|X| > |x|) in 64 cells of each octave of u in [2^-53, 1), shape (cells, 4).

    Cubics in cells this narrow keep u to 2e-9 of itself, tails included.
    """
    per_octave = 1 << (52 - kernels.QUANTILE_SHIFT)
    nodes = np.cos(np.pi * (np.arange(4) + 0.5) / 4)
    octaves = 2.0 ** np.arange(-53, 0)[:, None, None]
    u = octaves * (1 + (np.arange(per_octave)[:, None] + (nodes + 1) / 2) / per_octave)
    x = upper_quantile(u / 2, alpha).reshape(-1, 4)
    to_monomials = np.linalg.inv(np.vander(nodes, 4, increasing=True))
    return np.ascontiguousarray(np.einsum("dn,cn->cd", to_monomials, x), np.float64)


def sample(rng: np.random.Generator, shape: _Shape, alpha: float, scale: float = 1.0, location: float = 0.0) -> Floats:
    """Independent symmetric stable variates by inversion of tabulated quantiles, tails included.

    The law of what is drawn differs from the exact one by 2e-9 of each probability, which no sample will show. Each
    variate takes one uniform number of 53 bits, so none lies beyond the quantile of probability 2^-53.

    Args:
        rng: source of randomness.
        shape: of the result.
        alpha: as in `density`.
        scale: likewise.
        location: likewise.

    Raises:
        StableError: for an alpha, scale or location that is not allowed.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> values = stable.sample(np.random.default_rng(1), (2, 3), alpha=1.5)
        >>> values.shape
        (2, 3)
    """
    alpha, scale, location = checked_alpha(alpha), checked_scale(scale), checked_location(location)
    out = np.empty(shape)
    kernels.draw_from_quantiles(rng, quantile_cells(alpha), scale, location, out.ravel())
    return out


def sample_exactly(
    rng: np.random.Generator, shape: _Shape, alpha: float, scale: float = 1.0, location: float = 0.0
) -> Floats:
    """The same law by Chambers, Mallows and Stuck (1976), the slower reference; arguments and errors as `sample`.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> stable.sample_exactly(np.random.default_rng(1), 1000, alpha=1.5).shape
        (1000,)
    """
    alpha, scale, location = checked_alpha(alpha), checked_scale(scale), checked_location(location)
    out = np.empty(shape)
    kernels.draw_exactly(rng, alpha, scale, location, out.ravel())
    return out


def sample_positive(rng: np.random.Generator, shape: _Shape, b: float, c: float = 1.0) -> Floats:
    """Independent positive stable variates S with E exp(-s S) = exp(-c s^b), by Kanter (1975); c itself at b = 1.

    Args:
        rng: source of randomness.
        shape: of the result.
        b: exponent, from 0.25 to 1.
        c: coefficient, positive.

    Raises:
        StableError: for a b or c outside its range.

    Examples:
        >>> import numpy as np
        >>> from deepcrit import stable
        >>> values = stable.sample_positive(np.random.default_rng(1), 10_000, b=0.5)
        >>> print(f"{np.exp(-values).mean():.1f}")  # exp(-1)
        0.4
    """
    b, c = checked_exponent(b, c)
    if b == 1:
        return np.full(shape, c)
    out = np.empty(shape)
    kernels.draw_positive(rng, b, c ** (1 / b), out.ravel())
    return out
