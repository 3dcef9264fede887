"""The four methods of propagation, each held against its neighbours and against exact results."""

import math

import numpy as np
import pytest
from scipy.stats import chi2, ks_2samp, ttest_ind

from deepcrit.avalanches.agreement import durations_against_law, survival_against_law
from deepcrit.physics.propagation.annealed import simulate_annealed
from deepcrit.physics.propagation.network import gaussian_inputs, simulate_network
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import _iterate, transfer_law

PROFILES = (5, 20)


def rng(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.SFC64(seed))


def survival(block, layers):
    """P(D >= n) of one block at each layer."""
    return np.array([(block.duration >= n).sum() / block.launched for n in layers])


@pytest.mark.parametrize(
    ("width", "offset", "activation"), [(25, 0.03, "tanh"), (200, 0.002, "tanh"), (100, 0.01, "linear")]
)
def test_radial_follows_transfer(width, offset, activation):
    """The sampled durations of the radial chain have the law that its transfer operator computes."""
    spec = NetworkSpec(width, 500, 1 + offset, activation=activation)
    block = simulate_radial(spec, 200_000, rng(1), PROFILES)
    _, p = durations_against_law(block.duration, block.launched, transfer_law(spec).alive)
    assert p > 1e-3


@pytest.mark.parametrize(("width", "bias_variance"), [(25, 0.0), (200, 0.0), (50, 1e-5)])
def test_annealed_follows_transfer(width, bias_variance):
    """With all N neurons drawn, durations keep the law of the radial chain, with and without bias."""
    spec = NetworkSpec(width, 300, 1.01, bias_variance)
    block = simulate_annealed(spec, 20_000, rng(2), PROFILES)
    _, p = durations_against_law(block.duration, block.launched, transfer_law(spec).alive)
    assert p > 1e-3


def test_annealed_and_radial_sizes_agree():
    """Sizes, which the transfer operator knows only in the mean, agree in distribution between two samplers."""
    spec = NetworkSpec(50, 300, 1.015)
    first = simulate_annealed(spec, 20_000, rng(3), PROFILES).size
    second = simulate_radial(spec, 100_000, rng(4), PROFILES).size
    assert ks_2samp(first, second).pvalue > 1e-3


def test_mean_sizes_follow_transfer():
    """E[S | D = n] of the sampler lies within four standard errors of the operator's."""
    spec = NetworkSpec(100, 300, 1.005)
    law = transfer_law(spec)
    block = simulate_radial(spec, 400_000, rng(5), PROFILES)
    for n in (1, 2, 5, 10, 30):
        sizes = block.size[(block.duration == n) & ~block.censored]
        assert abs(sizes.mean() - law.mean_size[n]) < 4 * sizes.std() / math.sqrt(len(sizes))


@pytest.mark.parametrize("gram", [True, False])
@pytest.mark.parametrize("bias_variance", [0.0, 1e-5])
def test_network_follows_transfer(gram, bias_variance):
    """Explicit networks, drawn whole or through the Gram matrix, give each single avalanche the exact law."""
    spec = NetworkSpec(40, 100, 1.02, bias_variance)
    layers = np.array([1, 3, 10, 30])
    found = np.array(
        [
            survival(
                simulate_network(spec, gaussian_inputs(spec, 60, rng(k)), rng(10_000 + k), PROFILES, gram=gram), layers
            )
            for k in range(250)
        ]
    )
    _, p = survival_against_law(found, transfer_law(spec).alive[layers])
    assert p > 1e-3


def test_gram_matrix_keeps_the_joint_law():
    """Drawing through the Gram matrix keeps the correlation between inputs: the spread between networks is the same."""
    spec = NetworkSpec(30, 40, 1.03)

    def fractions(gram: bool, seed: int) -> np.ndarray:
        return np.array(
            [
                survival(
                    simulate_network(
                        spec, gaussian_inputs(spec, 25, rng(seed + k)), rng(seed - k - 1), PROFILES, gram=gram
                    ),
                    [10],
                )[0]
                for k in range(400)
            ]
        )

    assert ks_2samp(fractions(True, 1_000_000), fractions(False, 2_000_000)).pvalue > 1e-3


def test_aligned_inputs_through_the_gram_matrix():
    """Exactly aligned inputs, whose Gram matrix is singular, stay aligned and end together."""
    spec = NetworkSpec(50, 60, 1.02)
    ends = []
    for seed in range(20):
        one = gaussian_inputs(spec, 1, rng(seed))
        block = simulate_network(spec, np.repeat(one, 20, axis=0), rng(100 + seed), PROFILES)
        assert len(block.duration) in (0, 20)
        ends.extend(np.unique(block.duration).tolist())
        assert len(np.unique(block.duration)) <= 1
    assert len(set(ends)) >= 3


def test_first_step_is_a_chi_square():
    """P(D >= 1) of a linear network is P(chi^2_N > N / sw2) exactly."""
    spec = NetworkSpec(30, 10, 1.05, activation="linear")
    assert transfer_law(spec).alive[1] == pytest.approx(chi2.sf(30 / 1.05, 30), abs=1e-10)


def test_random_walk_limit():
    """Wide drift-free linear networks approach P(D >= n) = C(2n, n) / 4^n of Sparre Andersen."""
    width = 20_000
    spec = NetworkSpec(width, 40, math.exp(1 / width), activation="linear")
    alive = transfer_law(spec).alive
    exact = np.array([math.comb(2 * n, n) / 4.0**n for n in range(1, 41)])
    assert np.allclose(alive[1:], exact, rtol=0.02)


def test_transfer_conserves_probability():
    """What falls below the threshold and what stays alive, summed apart, add up to one, and nothing leaves the grid."""
    law = transfer_law(NetworkSpec(75, 400, 1.009))
    assert law.probability.sum() + law.alive[-1] == pytest.approx(1.0, abs=1e-9)
    assert law.lost < 1e-12
    assert np.all(law.probability > 0)


def test_transfer_converges(monkeypatch):
    """Almost twice the quadrature nodes change no probability by more than 1e-7."""
    spec = NetworkSpec(100, 200, 1.005)
    coarse = transfer_law(spec).alive
    monkeypatch.setattr("deepcrit.physics.propagation.transfer.NODES_PER_PANEL", 15)
    assert np.abs(transfer_law(spec).alive - coarse).max() < 1e-7


def test_transfer_keeps_digits_where_little_ends(monkeypatch):
    """One input in 1e8 ends inside a supercritical network, and share and mean size of these keep six digits."""
    spec = NetworkSpec(300, 400, 1.4)
    coarse = transfer_law(spec)
    monkeypatch.setattr("deepcrit.physics.propagation.transfer.NODES_PER_PANEL", 15)
    fine = transfer_law(spec)
    assert 1e-9 < fine.kept_fraction < 1e-7
    assert coarse.kept_fraction == pytest.approx(fine.kept_fraction, rel=1e-6)
    assert coarse.probability @ coarse.mean_size == pytest.approx(fine.probability @ fine.mean_size, rel=1e-6)
    assert coarse.mean_censored_size == pytest.approx(fine.mean_censored_size, rel=1e-6)


def test_dropped_densities_cost_no_digits(monkeypatch):
    """Survival over two hundred decades is that of the loops in Python, in which no density is too small to be kept."""
    spec = NetworkSpec(300, 24, 0.6)
    compiled = transfer_law(spec)
    monkeypatch.setattr("deepcrit.physics.propagation.transfer.NEGLIGIBLE", 0.0)
    monkeypatch.setattr("deepcrit.physics.propagation.transfer._iterate", _iterate.py_func)
    kept = transfer_law(spec)
    assert 0.0 < kept.alive[22] < 1e-200
    assert compiled.alive[:23] == pytest.approx(kept.alive[:23], rel=1e-12, abs=0.0)
    assert compiled.mean_size[:22] == pytest.approx(kept.mean_size[:22], rel=1e-12, abs=0.0)


def test_profiles_sum_to_sizes():
    """The summed profile of a duration, summed over layers, is the summed size of its avalanches."""
    spec = NetworkSpec(50, 200, 1.015)
    for block in (
        simulate_radial(spec, 20_000, rng(9), PROFILES),
        simulate_annealed(spec, 5_000, rng(9), PROFILES),
        simulate_network(spec, gaussian_inputs(spec, 500, rng(9)), rng(9), PROFILES),
    ):
        offset = 0
        for index, n in enumerate(range(PROFILES[0], PROFILES[1] + 1)):
            chosen = (block.duration == n) & ~block.censored
            assert block.profile_count[index] == chosen.sum()
            assert block.profile_sum[offset : offset + n].sum() == pytest.approx(block.size[chosen].sum(), rel=1e-9)
            offset += n


def test_every_launched_avalanche_is_run_to_its_end():
    """No pool is refilled: the fraction started has its binomial spread about P(D >= 1), and only depth censors."""
    spec = NetworkSpec(25, 50, 1.03)
    launched = 100_000
    block = simulate_radial(spec, launched, rng(10), PROFILES)
    p = transfer_law(spec).alive[1]
    assert abs(len(block.duration) - launched * p) < 4 * math.sqrt(launched * p * (1 - p))
    assert np.array_equal(block.censored, block.duration == 50)


def images(number: int, width: int, generator: np.random.Generator) -> np.ndarray:
    """Stand-ins for images: non-negative, sparse, correlated through a common pattern, of norm 0.1."""
    pattern = generator.random(width) < 0.2
    pixels = pattern * (0.5 + generator.random((number, width)))
    return 0.1 * pixels / np.linalg.norm(pixels, axis=1, keepdims=True)


def sparse_inputs(number: int, width: int, generator: np.random.Generator) -> np.ndarray:
    """Inputs of norm 0.1 with a tenth of their pixels lit, each its own."""
    pixels = generator.standard_normal((number, width)) * (generator.random((number, width)) < 0.1)
    return 0.1 * pixels / np.linalg.norm(pixels, axis=1, keepdims=True)


def first_layer_survival(spec, make_inputs, networks, seed):
    return np.array(
        [
            survival(simulate_network(spec, make_inputs(rng(seed + k)), rng(seed + 50_000 + k), PROFILES), [1, 5])
            for k in range(networks)
        ]
    )


@pytest.mark.parametrize("bias_variance", [0.0, 1e-5])
def test_tanh_cannot_tell_images_from_gaussian_inputs(bias_variance):
    """Under tanh and Gaussian weights mean(phi(z0)^2) is fixed by the strength: one law, with bias or without."""
    spec = NetworkSpec(100, 20, 1.01, bias_variance)
    expected = transfer_law(spec).alive[[1, 5]]
    for make in (lambda g: gaussian_inputs(spec, 50, g), lambda g: images(50, 100, g)):
        _, p = survival_against_law(first_layer_survival(spec, make, 300, 77), expected)
        assert p > 1e-3


def test_relu_tells_images_from_gaussian_inputs():
    """ReLU passes a non-negative image whole and a Gaussian input by half: images follow the law for that start."""
    spec = NetworkSpec(100, 20, 2.02, activation="relu")
    found = first_layer_survival(spec, lambda g: images(50, 100, g), 200, 88)
    of_images = transfer_law(spec, spec.threshold**2).alive[[1, 5]]
    assert found[:, 0].mean() == pytest.approx(of_images[0], abs=1e-3)
    _, p = survival_against_law(found[:, 1:], of_images[1:])
    assert p > 1e-3
    assert np.all(found.mean(axis=0) > transfer_law(spec).alive[[1, 5]] + 0.1)


def test_heavy_tailed_weights_tell_images_from_gaussian_inputs():
    """Under Levy weights a sparse input has a smaller sum of |z|^alpha at equal norm, and survives less."""
    spec = NetworkSpec(100, 20, 0.25, ensemble="levy", levy_alpha=1.2)
    gaussian = first_layer_survival(spec, lambda g: gaussian_inputs(spec, 50, g), 100, 99)
    sparse = first_layer_survival(spec, lambda g: sparse_inputs(50, 100, g), 100, 99)
    assert ttest_ind(gaussian[:, 0], sparse[:, 0], equal_var=False).pvalue < 1e-5
    assert gaussian[:, 0].mean() > sparse[:, 0].mean()


def test_correlated_inputs_are_worth_less():
    """Inputs that share a pattern spread more between networks than independent ones: fewer effective samples."""
    spec = NetworkSpec(100, 20, 1.01)
    gaussian = first_layer_survival(spec, lambda g: gaussian_inputs(spec, 50, g), 200, 111)
    shared = first_layer_survival(spec, lambda g: images(50, 100, g), 200, 111)
    assert shared[:, 0].var() > 5 * gaussian[:, 0].var()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 0}, "width: found 0"),
        ({"depth": 0}, "depth: found 0"),
        ({"weight_variance": -1.0}, "weight_variance: found -1.0"),
        ({"bias_variance": -1.0}, "bias_variance: found -1.0"),
        ({"input_strength": 0.0}, "input_strength: found 0.0"),
        ({"activation": "sine"}, "activation: found 'sine'"),
        ({"ensemble": "cauchy"}, "ensemble: found 'cauchy'"),
        ({"levy_alpha": 3.0}, "levy_alpha: found 3.0"),
    ],
)
def test_impossible_networks_are_refused(changes, message):
    """A network that cannot exist is refused with the key and what was found."""
    with pytest.raises(ValueError, match=message):
        NetworkSpec(**({"width": 10, "depth": 10, "weight_variance": 1.0} | changes))


def test_inputs_of_another_width_are_refused():
    """Inputs must have the width of the network."""
    with pytest.raises(ValueError, match=r"expected \(inputs, 20\)"):
        simulate_network(NetworkSpec(20, 5, 1.0), np.ones((3, 10)), rng(0), PROFILES)
