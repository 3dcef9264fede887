"""Avalanches of any duration and size from the transfer operator, without going through the layers one by one.

Let K carry the density of the living from one layer to the next. Its sum over all layers, each weighted with E =
exp(-a - b v) for the excess v there, solves (1 - K E) psi = psi_1: one banded system instead of as many steps as an
avalanche is long. P(D = n) is a coefficient of E[exp(-a D)] as a power series in exp(-a), and the density of sizes the
inverse Laplace transform of E[exp(-b S)]. Both are inverted by the Fourier series of Abate and Whitt (Queueing Systems
10, 5, 1992), whose alternating sum Euler's method ends early.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid
from scipy.linalg.lapack import zgbtrf, zgbtrs
from scipy.sparse import csc_array
from scipy.special import binom

from deepcrit.physics.propagation.radial_moments import radial_moments
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import TransferOperator, transfer_operator

SHORTEST_SIZED = 8  # layers of avalanches whose sizes are resolved to 1e-6
_LOG_ERROR = 20.0  # minus the logarithm of the relative error of the inversion
_TERMS = 24  # of the Fourier series, before Euler's method
_EULER = 13
_DECAYED = 28.0  # minus the logarithm of what is taken as nothing left
_NEGLIGIBLE_ENTRY = 1e-15  # of the kernel, in units of its greatest
_PATHS = 5.0  # heights of paths in profiles, in standard deviations of as many free steps


class AvalancheLaw:
    """The law of one avalanche of the radial chain, for Gaussian weights, whatever the depth.

    Args:
        spec: the network; of its depth nothing is used.
        longest: the longest duration that will be asked for, or that sizes asked for are typical of, in layers.
    """

    def __init__(self, spec: NetworkSpec, longest: float) -> None:
        self._width = spec.width
        self._lower = 2.0 * np.log(spec.threshold)
        self._operator = transfer_operator(spec, upper_end=self._upper_end(spec, longest))
        self._kernel = _kernel_matrix(self._operator)
        columns = np.repeat(np.arange(self._kernel.shape[1]), np.diff(self._kernel.indptr))
        rows = self._kernel.indices - columns
        self._below, self._above = int(rows.max()), int(-rows.min())
        # as LAPACK stores a band, with room for what pivoting fills in
        self._bands = np.zeros((2 * self._below + self._above + 1, self._kernel.shape[1]))
        self._bands[self._below + self._above + rows, columns] = self._kernel.data

    def _upper_end(self, spec: NetworkSpec, longest: float) -> float:
        """ln q that avalanches of that duration practically never exceed.

        Where ln q drifts by b(x) and diffuses with variance 2/N a layer, its density follows exp(N integral of b),
        which soon falls above saturation.
        """
        moments = radial_moments(spec.activation, spec.width)
        step = np.sqrt(2.0 / spec.width)
        reach = 2.0 * self._height(longest) + max(np.log(spec.weight_variance), 0.0) * longest
        x = np.linspace(0.0, reach, 4001)
        q = np.exp(x + self._lower)
        ratio = np.interp(q / (1.0 + q), np.arange(moments.ratio.size) / moments.ratio.size, moments.ratio)
        exponent = spec.width * cumulative_trapezoid(np.log(spec.weight_variance * ratio), x, initial=0.0)
        gone = exponent < np.maximum.accumulate(exponent) - _DECAYED
        height = float(x[np.argmax(gone)]) if gone.any() else reach
        return float(self._lower + height + 20.0 * step)

    def _height(self, duration: float) -> float:
        """ln q over the threshold above which nothing is left in a transform for that duration.

        Where ln q diffuses with variance 2/N a layer and a share a of the living is lost a layer, densities decay as
        exp(-sqrt(N a) x), and a is half of ``_LOG_ERROR`` over the duration.
        """
        return float(_DECAYED * np.sqrt(2.0 * duration / (_LOG_ERROR * self._width)))

    def durations(self, duration: int) -> tuple[float, float]:
        """P(D = n) and E[S | D = n].

        Args:
            duration: n, in layers, at least 1.
        """
        nodes = self._nodes_below(self._height(duration))
        excess, ended, initial = self._lowest(nodes)
        kernel = self._kernel[:nodes, :nodes]

        def transforms(rate: complex) -> tuple[complex, complex]:
            """E[exp(-a D); D >= 1] and E[S exp(-a D)]."""
            kept = np.full(nodes, np.exp(-rate))
            solve = self._solver(kept)
            living = solve(initial)
            sized = excess * living
            sized = sized + solve(kernel @ (kept * sized))
            return complex(ended @ (kept * living)), complex(ended @ (kept * sized))

        probability, size = _invert(transforms, duration, duration)
        return float(probability), float(size / probability)

    def size_density(self, size: float, duration: float) -> float:
        """Density of S.

        Args:
            size: S, positive.
            duration: of avalanches of about that size, in layers, which says how far ln q must be followed.

        Raises:
            ValueError: for a duration of under eight layers, whose sizes vary faster than the nodes resolve.
        """
        if duration < SHORTEST_SIZED:
            raise ValueError(
                f"size {size:g}: found avalanches of about {duration:.2g} layers, expected {SHORTEST_SIZED} or more"
            )
        nodes = self._nodes_below(2.0 * self._height(duration))
        excess, ended, initial = self._lowest(nodes)

        def transform(rate: complex) -> tuple[complex]:
            """E[exp(-b S); D >= 1]."""
            kept = np.exp(-rate * excess)
            return (complex(ended @ (kept * self._solver(kept)(initial))),)

        return float(_invert(transform, size, np.inf)[0])

    def profiles(self, durations: Sequence[int]) -> list[NDArray[np.float64]]:
        """Mean excess of every layer of avalanches of each duration, E[v_l | D = n] for l = 1..n, shapes (n,).

        From the density of the living at layer l, and the probability to end after as many layers more.
        """
        longest = max(durations)
        step = np.sqrt(2.0 / self._width)
        nodes = self._nodes_below(_PATHS * step * np.sqrt(longest) + 10.0 * step)
        excess, ended, initial = self._lowest(nodes)
        forward = self._kernel[:nodes, :nodes].tocsr()
        backward = forward.T.tocsr()
        living, ending = np.empty((2, longest, nodes))
        living[0], ending[0] = initial, ended
        for layer in range(1, longest):
            living[layer] = forward @ living[layer - 1]
            ending[layer] = backward @ ending[layer - 1]
        found = []
        for duration in durations:
            paths = living[:duration] * ending[:duration][::-1]
            found.append(paths @ excess / paths.sum(axis=1))
        return found

    def _lowest(self, nodes: int) -> tuple[NDArray[np.float64], ...]:
        """Excess, what ends, and the density at layer 1 on the lowest nodes."""
        operator = self._operator
        return operator.excess[:nodes], operator.ended[:nodes], operator.initial[:nodes]

    def _nodes_below(self, height: float) -> int:
        """How many nodes lie less than that above the threshold."""
        return int(np.searchsorted(self._operator.nodes, self._lower + height))

    def _solver(self, kept: NDArray[np.complex128]) -> Callable[[NDArray[Any]], NDArray[np.complex128]]:
        """What solves (1 - K E) psi = source on the lowest nodes, E being diagonal."""
        bands = self._bands[:, : kept.size] * -kept
        bands[self._below + self._above] += 1.0
        factors, pivots, _ = zgbtrf(bands, self._below, self._above, overwrite_ab=True)
        return lambda source: np.asarray(zgbtrs(factors, self._below, self._above, source, pivots)[0])


def _kernel_matrix(operator: TransferOperator) -> csc_array:
    """The kernel as a sparse matrix, column j leading from node j, with rounding taken out.

    Densities far in the tails are dropped. Columns are then scaled so that what ends, what leaves the nodes and what
    lives add up to one: the densities of wide layers are differences of large logarithms, which cost some 1e-9, and a
    million layers would add that up.
    """
    sizes = np.diff(operator.start)
    indices = np.repeat(operator.first - operator.start[:-1], sizes) + np.arange(operator.kernel.size)
    matrix = csc_array((operator.kernel, indices, operator.start), shape=(sizes.size, sizes.size))
    peak = np.repeat(np.maximum.reduceat(operator.kernel, operator.start[:-1]), sizes)
    matrix.data = np.where(matrix.data < _NEGLIGIBLE_ENTRY * peak, 0.0, matrix.data)
    matrix.eliminate_zeros()
    living = operator.weights - operator.ended - operator.beyond
    return matrix.multiply(living / (operator.weights @ matrix)).tocsc()


def _invert(transforms: Callable[[complex], tuple[complex, ...]], at: float, nyquist: float) -> NDArray[np.float64]:
    """Functions of a positive number, or coefficients of power series, from their transforms, shape (transforms,).

    Args:
        transforms: integrals of exp(-a x) f(x) for complex a, or sums over whole x.
        at: x, where f is wanted.
        nyquist: highest frequency, in units of pi / x: x for sums over whole numbers, infinite for integrals.
    """
    factor = np.exp(0.5 * _LOG_ERROR) / at
    order = np.arange(min(_TERMS + _EULER, nyquist + 1))
    values = np.array([transforms((0.5 * _LOG_ERROR + 1j * np.pi * k) / at) for k in order]).real
    values[0] *= 0.5
    values *= (-1.0) ** order[:, None]
    if order[-1] == nyquist:
        values[-1] *= 0.5
        return np.asarray(factor * values.sum(axis=0))
    sums = np.cumsum(values, axis=0)[_TERMS - 1 :]
    return np.asarray(factor * (binom(_EULER, np.arange(_EULER + 1)) @ sums) / 2.0**_EULER)
