"""The transfer operator of the radial chain: P(D), mean size given D and the censored part, without noise.

The density of x = ln q of the living is carried from layer to layer on composite Gauss-Legendre nodes (Nystrom's
method). Kernel and density are smooth above the threshold, so the quadrature converges spectrally; the threshold
itself is an end point of the domain and costs no accuracy. What ends at a layer is what falls below the threshold from
each node, not a difference of what lives before and after, so that it keeps its digits where almost nothing ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, gammaln

from deepcrit.core.compiled import njit
from deepcrit.physics.activations import activation
from deepcrit.physics.propagation.radial_moments import RadialMoments, radial_moments
from deepcrit.physics.propagation.spec import NetworkSpec

HERMITE_NODES = 9
NODES_PER_PANEL = 8
STEPS_PER_PANEL = 2.5  # panel width in units of the step's standard deviation
REACH = 9.0  # standard deviations of one step that are kept
NEGLIGIBLE = 1e-250  # density that is dropped: its products would be subnormal numbers, on which processors are slow


@dataclass(frozen=True)
class TransferLaw:
    """Exact law of one avalanche of the radial chain.

    Attributes:
        alive: P(D >= n) for n = 0..L, shape (L + 1,); ``alive[0]`` is 1.
        probability: P(D = n) for n = 0..L - 1, shape (L,); the remaining ``alive[L]`` is censored.
        mean_size: E[S | D = n] for n = 0..L - 1, shape (L,); zero at n = 0.
        mean_censored_size: E[S up to layer L | alive at L]; zero if nothing lives so long.
        lost: probability that left the grid at its upper end, an error bound.
    """

    alive: NDArray[np.float64]
    probability: NDArray[np.float64]
    mean_size: NDArray[np.float64]
    mean_censored_size: float
    lost: float

    @property
    def censored_fraction(self) -> float:
        """Censored avalanches over launched ones."""
        return float(self.alive[-1])

    @property
    def kept_fraction(self) -> float:
        """Avalanches with 1 <= D < L over launched ones."""
        return float(self.probability[1:].sum())


@dataclass(frozen=True)
class TransferOperator:
    """One layer of the radial chain on m nodes of x = ln q above the threshold.

    Attributes:
        nodes: x, ascending, shape (m,).
        weights: of the quadrature, shape (m,).
        kernel: densities of the next x at consecutive nodes, times the weight of the node they come from: one node's
            after another's, shape (entries,).
        first: index of the first node that each node leads to, shape (m,).
        start: where each node's entries begin in the kernel, shape (m + 1,).
        ended: probability to fall below the threshold at the next layer from each node, times its weight, shape (m,).
        beyond: the same of leaving the nodes at their upper end, shape (m,).
        initial: density of x at layer 1, shape (m,).
        never_alive: P(D = 0).
        excess: what a layer adds to the size of an avalanche, sqrt(N) (sqrt(q) - threshold), shape (m,).
    """

    nodes: NDArray[np.float64]
    weights: NDArray[np.float64]
    kernel: NDArray[np.float64]
    first: NDArray[np.int64]
    start: NDArray[np.int64]
    ended: NDArray[np.float64]
    beyond: NDArray[np.float64]
    initial: NDArray[np.float64]
    never_alive: float
    excess: NDArray[np.float64]


def transfer_law(spec: NetworkSpec, initial_mean_square: float | None = None) -> TransferLaw:
    """Law of duration and mean size of one avalanche, for Gaussian weights.

    Args:
        spec: the network. Its activation may be any of `deepcrit.physics.activations`.
        initial_mean_square: mean(phi(z^0)^2), all that the law needs of the input; by default that of an input of
            random direction at ``spec.input_strength``.

    Examples:
        At the critical weight variance the share that lives for n layers falls as one over the root of n:

        >>> import numpy as np
        >>> from deepcrit import NetworkSpec, drift_free_weight_variance, transfer_law
        >>> critical = drift_free_weight_variance("tanh", 100)
        >>> law = transfer_law(NetworkSpec(width=100, depth=50, weight_variance=critical))
        >>> print(f"{np.log(law.alive[10] / law.alive[40]) / np.log(4):.2f}")
        0.50
    """
    operator = transfer_operator(spec, initial_mean_square)
    alive, probability, size_of_ended, size_of_censored, lost = _iterate(
        spec.depth, operator.initial, operator.excess, operator.weights, operator.ended, operator.beyond,
        operator.first, operator.start, operator.kernel,
    )  # fmt: skip
    probability[0] = operator.never_alive
    mean_size = np.divide(size_of_ended, probability, out=np.zeros(spec.depth), where=probability > 0)
    mean_censored_size = float(size_of_censored / alive[-1]) if alive[-1] > 0 else 0.0
    return TransferLaw(alive, probability, mean_size, mean_censored_size, lost)


def transfer_operator(
    spec: NetworkSpec, initial_mean_square: float | None = None, upper_end: float | None = None
) -> TransferOperator:
    """One layer of the radial chain for Gaussian weights, on the nodes of a quadrature.

    Args:
        spec: as for :func:`transfer_law`.
        initial_mean_square: likewise.
        upper_end: greatest ln q that is followed; by default one that is practically never exceeded within the depth.
    """
    moments = radial_moments(spec.activation, spec.width)
    half = 0.5 * spec.width
    step = np.sqrt(2.0 / spec.width)
    log_threshold = 2.0 * np.log(spec.threshold)
    if upper_end is None:
        upper_end = _upper_end(spec, moments, log_threshold, step)
    nodes, weights = _nodes(log_threshold, upper_end, step)
    xi, xi_weight = np.polynomial.hermite_e.hermegauss(HERMITE_NODES)
    xi_weight = xi_weight / xi_weight.sum()
    log_constant = half * np.log(half) - gammaln(half)

    def kernel(log_variance: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Density of the next ln q at x; the density of ln(chi^2_N / N), averaged over xi."""
        t = x[None, :] - log_variance[:, None]
        return xi_weight @ np.exp(half * (t - np.exp(t)) + log_constant)

    columns = []
    first = np.empty(nodes.size, np.int64)
    ended = np.empty(nodes.size)
    beyond = np.empty(nodes.size)
    q = np.exp(nodes)
    for j in range(nodes.size):
        log_variance = np.log(_next_variance(spec, moments, q[j], xi))
        # ln chi^2 has its longer tail below
        lower = np.searchsorted(nodes, log_variance.min() - 1.6 * REACH * step)
        upper = np.searchsorted(nodes, log_variance.max() + REACH * step)
        first[j] = lower
        columns.append(kernel(log_variance, nodes[lower:upper]) * weights[j])
        ended[j] = weights[j] * (xi_weight @ gammainc(half, half * np.exp(log_threshold - log_variance)))
        beyond[j] = weights[j] * (xi_weight @ gammaincc(half, half * np.exp(upper_end - log_variance)))
    start = np.concatenate(([0], np.cumsum([column.size for column in columns])))
    excess = np.sqrt(spec.width) * (np.sqrt(q) - spec.threshold)
    if initial_mean_square is None:
        first_variance = _next_variance(spec, moments, spec.threshold**2, xi)
    else:
        first_variance = np.full(xi.size, spec.weight_variance * initial_mean_square + spec.bias_variance)
    initial = kernel(np.log(first_variance), nodes)
    never_alive = float(xi_weight @ gammainc(half, half * spec.threshold**2 / first_variance))
    return TransferOperator(
        nodes, weights, np.concatenate(columns), first, start, ended, beyond, initial, never_alive, excess
    )


@njit(cache=True, nogil=True)
def _iterate(
    depth: int,
    initial: NDArray[np.float64],
    excess: NDArray[np.float64],
    weights: NDArray[np.float64],
    ended: NDArray[np.float64],
    beyond: NDArray[np.float64],
    first: NDArray[np.int64],
    start: NDArray[np.int64],
    kernel: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float, float]:
    """Carry the density of the living and the density weighted with size so far through all layers.

    Returns:
        alive, P(D >= n) for n = 0..depth; P(D = n), left zero at n = 0, and E[S; D = n] for n = 0..depth - 1;
        E[S; alive at depth]; probability lost at the upper end.
    """
    alive = np.empty(depth + 1)
    probability = np.zeros(depth)
    size_of_ended = np.zeros(depth)
    alive[0] = 1.0
    density = initial.copy()
    sized = excess * initial
    lost = 0.0
    for layer in range(1, depth + 1):
        alive[layer] = np.sum(weights * density)
        if layer == depth:
            break
        probability[layer] = np.sum(ended * density)
        size_of_ended[layer] = np.sum(ended * sized)
        lost += np.sum(beyond * density)
        next_density = np.zeros_like(density)
        next_sized = np.zeros_like(density)
        for j in range(density.size):
            if density[j] < NEGLIGIBLE:
                continue
            f, h, low, begin = density[j], sized[j], first[j], start[j]
            for k in range(start[j + 1] - begin):
                next_density[low + k] += kernel[begin + k] * f
                next_sized[low + k] += kernel[begin + k] * h
        density = next_density
        sized = next_sized + excess * density
    return alive, probability, size_of_ended, np.sum(weights * sized), lost


def _upper_end(spec: NetworkSpec, moments: RadialMoments, log_threshold: float, step: float) -> float:
    """A value of ln q that is practically never exceeded within the depth of the network."""
    growth = np.log(spec.weight_variance * moments.ratio.max() + spec.bias_variance / spec.threshold**2)
    diffusion = REACH * step * np.sqrt(spec.depth) + REACH * step
    unbounded = log_threshold + max(growth, 0.0) * spec.depth + diffusion
    largest_mean_square = float(np.max(activation(spec.activation)(np.array([-1e9, 1e9])) ** 2))
    bounded = np.log(spec.weight_variance * largest_mean_square + spec.bias_variance) + 2.0 * REACH * step
    return float(min(unbounded, bounded))


def _nodes(lower: float, upper: float, step: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Composite Gauss-Legendre rule on [lower, upper]."""
    panels = int(np.ceil((upper - lower) / (STEPS_PER_PANEL * step)))
    edges = np.linspace(lower, upper, panels + 1)
    node, weight = np.polynomial.legendre.leggauss(NODES_PER_PANEL)
    half_width = 0.5 * np.diff(edges)
    nodes = (0.5 * (edges[1:] + edges[:-1]))[:, None] + half_width[:, None] * node
    return nodes.ravel(), (half_width[:, None] * weight).ravel()


def _next_variance(spec: NetworkSpec, moments: RadialMoments, q: float, xi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of the next layer's pre-activations for each value of the standard normal xi."""
    position = q / (1.0 + q) * moments.ratio.size
    cell = min(int(position), moments.ratio.size - 2)
    fraction = position - cell
    ratio = moments.ratio[cell] + fraction * (moments.ratio[cell + 1] - moments.ratio[cell])
    a = moments.relative_deviation[cell] + fraction * (
        moments.relative_deviation[cell + 1] - moments.relative_deviation[cell]
    )
    return spec.weight_variance * q * ratio * (1.0 + a * xi) ** 2 / (1.0 + a * a) + spec.bias_variance
