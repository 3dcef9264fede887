"""Vectorised kernels against the textbook: normals, tanh and the moments of a random direction."""

import numpy as np
import pytest
from scipy.stats import kstest, norm

from deepcrit.avalanches.scaling import packed_length, packed_offset
from deepcrit.physics.activations import ACTIVATIONS
from deepcrit.physics.propagation.block import profile_offsets
from deepcrit.physics.propagation.kernels import (
    BATCH,
    CODES,
    activate,
    fill_normals,
    lane_states,
    mean_square,
    mean_square_activity,
)
from deepcrit.physics.propagation.radial_moments import radial_moments


@pytest.fixture(scope="module")
def normals():
    out = np.empty(BATCH * 4000, np.float32)
    fill_normals(lane_states(np.random.default_rng(1)), out)
    return out.astype(float)


def test_normals_are_normal(normals):
    """Two million variates pass Kolmogorov-Smirnov and have the first four moments and the tails of a normal."""
    n = len(normals)
    assert kstest(normals, "norm").pvalue > 1e-3
    assert abs(normals.mean()) < 4 / np.sqrt(n)
    assert abs(normals.var() - 1) < 4 * np.sqrt(2 / n)
    assert abs((normals**4).mean() - 3) < 4 * np.sqrt(96 / n)
    for z in (3.0, 4.0):
        expected = 2 * norm.sf(z) * n
        assert abs((np.abs(normals) > z).sum() - expected) < 4.5 * np.sqrt(expected)


def test_normals_are_independent(normals):
    """Neither variates nor their squares correlate within a batch or between neighbouring batches."""
    rows = normals.reshape(4000, BATCH)
    limit = 5.5 / np.sqrt(len(rows))
    for values in (rows, rows**2):
        correlation = np.corrcoef(values, rowvar=False)
        assert np.abs(correlation - np.eye(BATCH)).max() < limit
        later = np.corrcoef(values[:-1, :64], values[1:, :64], rowvar=False)[:64, 64:]
        assert np.abs(later).max() < limit


def test_normals_depend_on_the_seed_alone():
    """The same generator gives the same stream, another seed another one."""
    streams = []
    for seed in (1, 1, 2):
        out = np.empty(BATCH, np.float32)
        fill_normals(lane_states(np.random.default_rng(seed)), out)
        streams.append(out)
    assert np.array_equal(streams[0], streams[1])
    assert not np.array_equal(streams[0], streams[2])


def test_compiled_code_knows_every_activation():
    """Compiled loops name the activations that the library has, each by a code of its own."""
    assert set(CODES) == set(ACTIVATIONS)
    assert len(set(CODES.values())) == len(CODES)


def test_tanh_is_accurate_to_single_precision():
    """Relative error below 5e-7 from 1e-8 to saturation, where avalanches of weak signals live."""
    x = np.concatenate([np.geomspace(1e-8, 20, 20001), -np.geomspace(1e-8, 20, 20001)]).astype(np.float32)
    y = x.copy()
    activate(CODES["tanh"], y)
    assert np.abs(y / np.tanh(x.astype(float)) - 1).max() < 5e-7


@pytest.mark.parametrize(
    ("name", "phi"), [("tanh", np.tanh), ("relu", lambda z: np.maximum(z, 0)), ("linear", lambda z: z)]
)
def test_mean_squares(name, phi):
    """Fused mean squares equal those of numpy in double precision."""
    z = np.random.default_rng(2).standard_normal(1001).astype(np.float32)
    assert mean_square(z) == pytest.approx((z.astype(float) ** 2).mean(), rel=1e-5)
    expected = (phi(0.7 * z.astype(float)) ** 2).mean()
    assert mean_square_activity(CODES[name], z, np.float32(0.7)) == pytest.approx(expected, rel=1e-5)
    activate(CODES[name], z_out := z.copy())
    assert np.allclose(z_out, phi(z), rtol=1e-5)


@pytest.mark.parametrize("name", ["tanh", "relu"])
@pytest.mark.parametrize("width", [5, 25])
def test_moments_of_a_random_direction(name, width):
    """Tabulated mean and variance of mean(phi^2) equal those of uniformly drawn directions at q = 0.3."""
    moments = radial_moments(name, width)
    q = 0.3
    cell = q / (1 + q) * moments.ratio.size
    ratio = np.interp(cell, np.arange(moments.ratio.size), moments.ratio)
    a = np.interp(cell, np.arange(moments.relative_deviation.size), moments.relative_deviation)
    z = np.random.default_rng(3).standard_normal((200_000, width))
    z *= np.sqrt(width * q) / np.linalg.norm(z, axis=1, keepdims=True)
    phi = np.tanh if name == "tanh" else lambda x: np.maximum(x, 0)
    drawn = (phi(z) ** 2).mean(axis=1)
    assert q * ratio == pytest.approx(drawn.mean(), abs=5 * drawn.std() / np.sqrt(len(drawn)))
    relative = np.sqrt(4 * a**2 + 2 * a**4) / (1 + a**2)
    assert relative == pytest.approx(drawn.std() / drawn.mean(), rel=0.01)


def test_relu_passes_half():
    """For ReLU mu(q) = q/2 at every radius, and the relative variance of mean(phi^2) is known in closed form."""
    width = 50
    moments = radial_moments("relu", width)
    assert np.allclose(moments.ratio[1:], 0.5, rtol=1e-10)
    # E[phi^4] = 3 N q^2 / (2 (N + 2)), E[phi_1^2 phi_2^2] = N q^2 / (4 (N + 2))
    variance = (3 / 2 + (width - 1) / 4) / (width + 2) - 1 / 4
    a = moments.relative_deviation[100]
    assert (4 * a**2 + 2 * a**4) / (1 + a**2) ** 2 == pytest.approx(variance * 4, rel=1e-8)


def test_profile_offsets_are_those_of_the_packed_triangle():
    """Simulation and collapse pack profiles in the same way."""
    offsets = profile_offsets(5, 9)
    assert [packed_offset(d, 5) for d in range(5, 10)] == offsets[:-1].tolist()
    assert packed_length(5, 9) == offsets[-1]
