"""Simulated networks of stable weights: their pseudolengths, layerwise Jacobians and eigenvalues."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from deepcrit.core.arrays import Complex, Floats
from deepcrit.physics.heavytails.checks import LEAST_ALPHA, HeavyTailsError, Sigmoid, checked_gain, sigmoid
from deepcrit.physics.heavytails.meanfield import fixed_point, scale_of
from deepcrit.physics.heavytails.spectrum import Spectrum
from deepcrit.stats import stable
from deepcrit.stats.stable.checks import checked_alpha

KINDS = ("pre_activation", "post_activation")


class Pseudolengths(NamedTuple):
    """Of simulated networks, layer by layer.

    Attributes:
        q: D_w mean |x|^alpha + D_b of the activations before the layer, the pseudolength of its pre-activations given
            them, shape (networks, depth).
        last: pre-activations of the last layer, shape (networks, width).
    """

    q: Floats
    last: Floats


def simulate_pseudolengths(
    rng: np.random.Generator,
    networks: int,
    width: int,
    depth: int,
    alpha: float,
    gain: float,
    bias: float = 0.0,
    start: float = 1.0,
    activation: str | Sigmoid = "tanh",
) -> Pseudolengths:
    """Pseudolengths of random networks of finite width, exactly, without a weight matrix.

    Given the activations x of a layer, the pre-activations of the next one are independent stable variables of
    pseudolength D_w mean |x|^alpha + D_b (Eq. 4), so that one input needs `width` variates a layer.

    Args:
        rng: source of randomness.
        networks: how many.
        width: neurons a layer.
        depth: layers.
        alpha: as in `fixed_point`.
        gain: likewise.
        bias: likewise.
        start: mean |x|^alpha of the input.
        activation: name or sigmoid.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: for another argument outside its range.
    """
    alpha, gain, phi = checked_alpha(alpha, LEAST_ALPHA), checked_gain(gain), sigmoid(activation).phi
    if min(networks, width, depth) < 1 or not 0 <= start < math.inf or not 0 <= bias < math.inf:
        raise HeavyTailsError("networks: found no network, width or depth, or a start or bias below 0, expected some")
    q = np.empty((networks, depth))
    mean = np.full(networks, start)
    h = np.empty((networks, width))
    for layer in range(depth):
        q[:, layer] = gain**alpha * mean + bias
        h = stable.sample(rng, (networks, width), alpha) * ((q[:, layer] / 2) ** (1 / alpha))[:, None]
        mean = (np.abs(phi(h)) ** alpha).mean(axis=1)
    return Pseudolengths(q, h)


def difference_growth(
    rng: np.random.Generator,
    networks: int,
    width: int,
    depth: int,
    alpha: float,
    gains: ArrayLike,
    bias: float = 0.0,
    activation: str | Sigmoid = "tanh",
) -> Floats:
    """How fast small differences between signals grow in random networks of finite width, in nat per layer.

    The largest Lyapunov exponent of signals that have forgotten their input: the mean of ln |W D v| over |v| along the
    second half of the layers. It is zero at the edge of chaos; of Gaussian weights in the limit of large width it is
    ln(chi_1)/2. Networks of all gains have the same standard weights and biases, so that the edge is between two gains
    of which one amplifies.

    Args:
        rng: source of randomness.
        networks: how many.
        width: neurons a layer.
        depth: layers.
        alpha: as in `fixed_point`.
        gains: g, shape (g,).
        bias: as in `fixed_point`.
        activation: name or sigmoid.

    Returns:
        Shape (networks, g).

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: for another argument outside its range.
    """
    alpha, chosen = checked_alpha(alpha, LEAST_ALPHA), sigmoid(activation)
    g = np.array([checked_gain(float(gain)) for gain in np.atleast_1d(np.asarray(gains, np.float64))])[:, None]
    if networks < 1 or width < 2 or depth < 2 or not 0 <= bias < math.inf:
        raise HeavyTailsError("networks: found no network, width or depth, or a bias below 0, expected some")
    growth = np.zeros((networks, len(g)))
    for network in range(networks):
        h, difference = (np.repeat(rng.standard_normal((1, width)), len(g), axis=0) for _ in range(2))
        for layer in range(depth):
            weights = stable.sample(rng, (width, width), alpha, (2 * width) ** (-1 / alpha))
            slope = np.exp(-chosen.decay(np.abs(h)) / 2)
            difference = g * (difference * slope) @ weights
            h = g * (chosen.phi(h) @ weights)
            if bias > 0:
                h += stable.sample(rng, width, alpha, (bias / 2) ** (1 / alpha))
            length = np.linalg.norm(difference, axis=1, keepdims=True)
            difference /= length
            if layer >= depth // 2:
                growth[network] += np.log(length[:, 0])
    return growth / (depth - depth // 2)


def fitted_pseudolength(h: ArrayLike, alpha: float) -> float:
    """2 scale^alpha with the scale of maximum likelihood of pre-activations h, any shape, at known alpha.

    Raises:
        HeavyTailsError: if half of the values or more are zero.
    """
    alpha = checked_alpha(alpha, LEAST_ALPHA)
    values = np.abs(np.asarray(h, np.float64)).ravel()
    middle = float(np.median(values))
    if not 0 < middle < math.inf:
        raise HeavyTailsError(f"h: found a median |h| of {middle}, expected positive and finite")

    def loss(log_scale: float) -> float:
        return -float(stable.log_density(values / middle, alpha, math.exp(log_scale)).mean())

    found = minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-8})
    return float(2 * (middle * math.exp(found.x)) ** alpha)


def random_jacobian(
    rng: np.random.Generator,
    width: int,
    alpha: float,
    gain: float,
    pseudolength: float | None = None,
    activation: str | Sigmoid = "tanh",
) -> Floats:
    """W D of a random network at its fixed point: W_ij ~ S_alpha((D_w/2N)^(1/alpha)), D = diag phi'(h).

    h_i ~ S_alpha((q*/2)^(1/alpha)), the law that :class:`Spectrum` has the eigenvalues of at infinite width.

    Raises:
        StableError: alpha outside [1, 2].
        HeavyTailsError: for another argument outside its range.
    """
    alpha, gain = checked_alpha(alpha, LEAST_ALPHA), checked_gain(gain)
    if width < 2:
        raise HeavyTailsError(f"width: found {width}, expected two neurons or more")
    if pseudolength is None:
        pseudolength = fixed_point(alpha, gain, activation=activation)
    h = stable.sample(rng, width, alpha) * scale_of(pseudolength, alpha)
    weights = stable.sample(rng, (width, width), alpha, gain * (2 * width) ** (-1 / alpha))
    return weights * np.exp(-sigmoid(activation).decay(np.abs(h)) / 2)


def eigenvalues(matrix: Floats) -> Complex:
    """Eigenvalues of a square matrix in double precision, shape (N,)."""
    return np.asarray(np.linalg.eigvals(np.asarray(matrix, np.float64)), np.complex128)


class Distance(NamedTuple):
    """Between the radii of eigenvalues and their theory.

    Attributes:
        kolmogorov_smirnov: largest difference of the radial distributions.
        area: integral of the absolute difference over the radius (L1, or Wasserstein).
    """

    kolmogorov_smirnov: float
    area: float


def distance(radii: ArrayLike, spectrum: Spectrum) -> Distance:
    """How far the moduli of eigenvalues, any shape, are from the radial distribution of `spectrum`."""
    r = np.sort(np.asarray(radii, np.float64).ravel())
    if not r.size:
        raise HeavyTailsError("radii: found none, expected one or more")
    theory = spectrum.distribution(r)
    steps = np.arange(r.size + 1) / r.size
    largest = float(max((theory - steps[:-1]).max(), (steps[1:] - theory).max()))
    # the area between two distributions is that between their quantile functions
    theoretical = spectrum.radius(1 - (np.arange(r.size) + 0.5) / r.size)
    return Distance(largest, float(np.abs(r - theoretical).mean()))


def layerwise_jacobian(
    weights: list[Floats],
    inputs: ArrayLike,
    layer: int,
    kind: str,
    activation: str | Sigmoid = "tanh",
    biases: Sequence[Floats] = (),
) -> Floats:
    """One layer's Jacobian of a fully connected network, h^l = W^l x^(l-1) + b^l, x^l = phi(h^l).

    Args:
        weights: W^1, W^2, ..., each of shape (fan_out, fan_in).
        inputs: x^0, shape (fan_in of W^1,).
        layer: l, from 1.
        kind: `pre_activation`, W^(l+1) D^l, or `post_activation`, D^l W^l, with D^l = diag phi'(h^l).
        activation: name or sigmoid.
        biases: b^1, b^2, ...; none, if there are none.

    Raises:
        HeavyTailsError: a layer that is not there, shapes that do not fit, or activity that is not finite.
    """
    if kind not in KINDS:
        raise HeavyTailsError(f"kind: found {kind!r}, expected one of {KINDS}")
    last = len(weights) - (kind == "pre_activation")
    if not 1 <= layer <= last:
        raise HeavyTailsError(f"layer: found {layer}, expected 1 to {last} in a network of {len(weights)} layers")
    chosen = sigmoid(activation)
    x = h = np.asarray(inputs, np.float64)
    for number, matrix in enumerate(weights[:layer], 1):
        if matrix.ndim != 2 or matrix.shape[1] != x.size:
            raise HeavyTailsError(f"W^{number}: found shape {matrix.shape}, expected (fan_out, {x.size})")
        h = np.asarray(matrix, np.float64) @ x
        if len(biases):
            h = h + biases[number - 1]
        x = chosen.phi(h)
    if not np.isfinite(h).all():
        raise HeavyTailsError(f"layer {layer}: found activity that is not finite, expected a network that converged")
    slope = np.exp(-chosen.decay(np.abs(h)) / 2)
    if kind == "pre_activation":
        after = np.asarray(weights[layer], np.float64)
        if after.shape[1] != slope.size:
            raise HeavyTailsError(f"W^{layer + 1}: found shape {after.shape}, expected (fan_out, {slope.size})")
        return after * slope
    return slope[:, None] * np.asarray(weights[layer - 1], np.float64)
