"""Circles through networks of stable weights, against explicit networks and linear algebra."""

import numpy as np
import pytest

from deepcrit.experiments.manifolds.propagation import (
    coefficient_of_variation,
    neighbour_distances,
    principal_components,
    propagate_circle,
)
from deepcrit.physics.heavytails import HeavyTailsError
from deepcrit.stats import stable

SPACING = 2 * np.pi / 1000


def explicit(h: np.ndarray, alpha: float, gain: float, depth: int, seed: int) -> np.ndarray:
    """The same network layer by layer in double precision, for h of shape (N, points)."""
    rng = np.random.default_rng(seed)
    width = len(h)
    for _ in range(depth):
        h = gain * stable.sample(rng, (width, width), alpha, (2 * width) ** (-1 / alpha)) @ np.tanh(h)
    return h


def circle(width: int, angles: np.ndarray) -> np.ndarray:
    h = np.zeros((width, angles.size))
    h[0], h[1] = np.cos(angles), np.sin(angles)
    return h


@pytest.mark.parametrize("alpha", [1.0, 1.5, 2.0])
def test_circles_go_through_explicit_networks(alpha: float) -> None:
    """Every gain of one draw is the network of that gain, to single precision."""
    angles = np.linspace(0, 2 * np.pi, 20)
    found = propagate_circle(np.random.default_rng(1), 40, 5, alpha, [0.5, 1.5], angles)
    for gain, h in zip((0.5, 1.5), found, strict=True):
        expected = explicit(circle(40, angles), alpha, gain, 5, 1)
        np.testing.assert_allclose(h, expected, rtol=2e-3, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("alpha", [1.0, 1.5, 2.0])
def test_neighbours_are_those_of_explicit_networks(alpha: float) -> None:
    """Distances of single precision are those of two points in double precision, at every layer and gain."""
    width, pairs, layers, gains = 40, 10, [2, 6], [0.4, 2.0]
    found = neighbour_distances(np.random.default_rng(2), width, alpha, gains, layers, pairs, SPACING)
    angles = np.pi * np.arange(pairs) / pairs
    both = circle(width, np.concatenate([angles, angles + SPACING]))
    for row, depth in enumerate(layers):
        for column, gain in enumerate(gains):
            h = explicit(both, alpha, gain, depth, 2)
            expected = np.linalg.norm(h[:, pairs:] - h[:, :pairs], axis=0)
            np.testing.assert_allclose(found[row, column], expected, rtol=2e-3)


def test_half_of_the_circle_tells_the_other() -> None:
    """tanh is odd: distances at opposite angles are equal, so that those of half a circle are those of all of it."""
    angles = 2 * np.pi * np.arange(20) / 20
    h = explicit(circle(30, np.concatenate([angles, angles + SPACING])), 1.3, 1.4, 6, 3)
    distances = np.linalg.norm(h[:, 20:] - h[:, :20], axis=0)
    np.testing.assert_allclose(distances[:10], distances[10:], rtol=1e-6)


def test_weak_signals_stay_in_proportion() -> None:
    """Where everything shrinks below single precision, neighbours vary as in the linear network, whatever the gain."""
    gains = [0.05, 0.01]
    found = neighbour_distances(np.random.default_rng(4), 30, 2.0, gains, [1, 25], 10, SPACING)
    assert (found > 0).all()
    # the first layer is not linear, those after it are to 1e-3
    variation = coefficient_of_variation(found)
    assert variation[1, 0] == pytest.approx(variation[1, 1], rel=0.02)
    growth = found[1, 1] / found[0, 1] / (found[1, 0] / found[0, 0])
    np.testing.assert_allclose(growth, (gains[1] / gains[0]) ** 24, rtol=0.05)


def test_gaussian_distances_shrink_by_the_gain() -> None:
    """At alpha = 2 and weak signals E |d'|^2 = g^2 |d|^2, over 40 networks within four standard errors."""
    h = [neighbour_distances(np.random.default_rng(seed), 100, 2.0, [0.3], [5, 6], 10, SPACING) for seed in range(40)]
    ratio = np.array([(each[1] ** 2).mean() / (each[0] ** 2).mean() for each in h])
    assert abs(ratio.mean() - 0.09) < 4 * ratio.std(ddof=1) / np.sqrt(40)


def test_principal_components() -> None:
    """Singular values and projections are those of the centred points, however small the points are."""
    rng = np.random.default_rng(5)
    h = rng.standard_normal((6, 50)) * np.arange(1, 7)[:, None] + 3
    found = principal_components(h)
    covariance = np.cov(h, bias=True) * 50
    np.testing.assert_allclose(found.singular_values**2, np.linalg.eigvalsh(covariance)[::-1], rtol=1e-9)
    np.testing.assert_allclose(found.projections.T @ found.projections, np.eye(3), atol=1e-12)
    tiny = principal_components(1e-200 * h)
    np.testing.assert_allclose(1e200 * tiny.singular_values, found.singular_values, rtol=1e-9)


def test_variation_of_equal_distances_is_none() -> None:
    """Equal distances do not vary, two of 1 and 3 do by a half, and none is known where all are zero."""
    found = coefficient_of_variation(np.array([[2.0, 2.0], [1.0, 3.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(found, [0.0, 0.5, np.nan])


def test_impossible_networks_are_refused() -> None:
    """An index outside its range and a gain of zero are named."""
    rng = np.random.default_rng(6)
    with pytest.raises(stable.StableError, match=r"alpha: found 2\.5, expected a number in \(0, 2\]"):
        propagate_circle(rng, 10, 2, 2.5, [1.0], np.linspace(0, 6, 10))
    with pytest.raises(HeavyTailsError, match=r"gain: found 0\.0, expected a positive"):
        neighbour_distances(rng, 10, 1.5, [0.0, 1.0], [1], 10, SPACING)
