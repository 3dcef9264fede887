"""The universality class of avalanches, against exact exponents and a finer computation."""

from __future__ import annotations

from dataclasses import replace
from math import isqrt

import numpy as np
import pandas as pd
import pytest

from deepcrit.avalanches.offsets import drift_free_weight_variance
from deepcrit.avalanches.powerlaws import exponent_from_sums
from deepcrit.experiments.universality.exact import EXACT_EXPONENTS
from deepcrit.experiments.universality.expected import Sampled, duration_exponent, size_exponent, slope_of_sizes
from deepcrit.experiments.universality.local import (
    doubled_durations,
    extrapolated,
    grown_durations,
    shape_exponent,
    slopes,
    spec_at,
    typical_size,
    weights_at_zero,
)
from deepcrit.physics.propagation.radial import simulate_radial
from deepcrit.physics.propagation.resolvent import AvalancheLaw
from deepcrit.physics.propagation.spec import NetworkSpec
from deepcrit.physics.propagation.transfer import TransferLaw, transfer_law

WIDTHS = (100, 400, 1600, 6400, 25600)
SAMPLED = Sampled(4_000_000, 5000)


@pytest.fixture(scope="module")
def local() -> pd.DataFrame:
    """Local exponents along sqrt(N) 2^j at five widths and two offsets."""
    return pd.concat(
        [
            slopes(spec_at(width, offset, "tanh", 0.1), durations, durations, offset)
            for offset in (1.0, 2.0)
            for width in WIDTHS
            for durations in [doubled_durations(width, 1, 4)]
        ],
        ignore_index=True,
    )


def test_exponents_are_those_of_random_walks(local: pd.DataFrame) -> None:
    """Extrapolated exponents are 3/2, 4/3 and 3/2 within 0.005, and within the error that they claim, at any offset.

    At one width none is: the nearest local exponent of durations given sizes is off by more than that.
    """
    limits = extrapolated(local, [1, 2])
    assert len(limits) == 2 * len(EXACT_EXPONENTS)
    assert (limits["difference"].abs() < 0.005).all()
    assert (limits["difference"].abs() <= limits["numerical_error"]).all()
    assert (limits["numerical_error"] < 0.02).all()
    nearest = local[(local["width"] == WIDTHS[-1]) & (local["quantity"] == "gamma")]["exponent"]
    assert (nearest - EXACT_EXPONENTS["gamma"] > 0.03).all()


@pytest.mark.parametrize("width", [25, 400])
def test_local_exponents_have_the_stated_error(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Almost twice the nodes, a hundredfold finer inversion and wider domains change no local exponent by 1e-7.

    Those of durations are the ones of going through the layers, too.
    """
    spec, durations = spec_at(width, 1.0, "tanh", 0.1), doubled_durations(width, 1, 4)
    coarse = slopes(spec, durations, durations, 1.0)
    law = transfer_law(replace(spec, depth=durations[-1] + 1))
    stepwise = -np.diff(np.log(law.probability[durations])) / np.log(2.0)
    assert np.abs(coarse[coarse["quantity"] == "tau_d"]["exponent"] - stepwise).max() < 1e-7
    monkeypatch.setattr("deepcrit.physics.propagation.transfer.NODES_PER_PANEL", 15)
    for name, value in (("LOG_ERROR", 24.0), ("TERMS", 40), ("EULER", 15), ("DECAYED", 36.0), ("PATHS", 7.0)):
        monkeypatch.setattr(f"deepcrit.physics.propagation.resolvent._{name}", value)
    fine = slopes(spec, durations, durations, 1.0)
    assert (fine["exponent"] - coarse["exponent"]).abs().max() < 1e-7
    assert (fine["exponent"] != coarse["exponent"]).any()


def test_a_wrong_exponent_is_found() -> None:
    """Local exponents that tend to 1.53 with corrections in N^(-1/4) are extrapolated to 1.53, and not to 3/2."""
    rows = [
        (width, 1.0, "tau_d", multiple * isqrt(width), 1.53 + 0.3 * multiple * width**-0.25 - 0.2 * width**-0.5)
        for width in WIDTHS
        for multiple in (1, 2)
    ]
    columns = ["width", "relative_offset", "quantity", "duration", "exponent"]
    (found,) = extrapolated(pd.DataFrame(rows, columns=columns), [1, 2]).itertuples()
    assert found.value == pytest.approx(1.53, abs=1e-9)
    assert found.difference == pytest.approx(0.03, abs=1e-9)


def test_weights_reproduce_polynomials() -> None:
    """Values of a polynomial of as many terms as points give its constant term."""
    x = np.array([0.4, 0.3, 0.2, 0.15])
    assert weights_at_zero(x) @ np.polyval([3.0, -2.0, 5.0, 0.7], x) == pytest.approx(0.7, abs=1e-12)


def test_curves_of_all_widths_fall_on_one() -> None:
    """At equal D/N exponents of widths 1600 and 25600 differ by under 0.02; at equal D, gamma differs by more."""
    found = {}
    for width in (1600, 25600):
        spec = spec_at(width, 1.0, "tanh", 0.1)
        table = slopes(spec, sorted({400, 800, width // 4, width // 2}), [400, 800], 1.0)
        found[width] = table[table["quantity"] != "shape"].set_index(["quantity", "duration"])["exponent"]
    for quantity in ("tau_d", "tau_s", "gamma"):
        narrow, wide = found[1600][quantity], found[25600][quantity]
        assert abs(narrow[400] - wide[6400]) < 0.02
    assert abs(found[1600]["gamma"][400] - found[25600]["gamma"][400]) > 0.04


def test_size_grows_by_the_law_of_excursions() -> None:
    """<S> at N = 1e6, D = 1e4 is that of an excursion, 1 + sqrt(D / (4 pi N)) times its leading term, within 1%."""
    spec = spec_at(1_000_000, 1.0, "tanh", 0.1)
    _, mean_size = AvalancheLaw(spec, 10_000).durations(10_000)
    predicted = typical_size(spec, 10_000) * (1.0 + np.sqrt(0.01 / (4.0 * np.pi)))
    assert mean_size == pytest.approx(predicted, rel=0.01)


@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_shape_exponents_of_known_profiles(exponent: float) -> None:
    """Profiles (u (1 - u))^a give a, up to what 4000 layers resolve."""
    u = (np.arange(4000) + 0.5) / 4000
    assert shape_exponent((u * (1.0 - u)) ** exponent) == pytest.approx(exponent, abs=1e-4)


def test_durations_double() -> None:
    """Durations are those asked for: whole, each twice the one before, from a few layers to the longest."""
    assert doubled_durations(400, 1, 4) == [20, 40, 80]
    grown = grown_durations(10_000, 3200)
    assert set(doubled_durations(10_000, 1, 4)) <= set(grown)
    assert 8 <= grown[0] < 16
    assert grown[-1] == 3200


def test_expected_exponents_are_found_by_fits_of_exact_power_laws() -> None:
    """P(D) ~ D^-1.4 gives 1.4 and <S> ~ D^1.7 gives 1.7, exactly.

    The error of 200 maximum-likelihood fits to drawn samples is the one that is expected, within 15%.
    """
    duration = np.arange(1, 2001)
    probability = duration**-1.4 / np.sum(duration**-1.4)
    probability = np.concatenate(([0.0], probability))
    alive = 1.0 - np.concatenate(([0.0], np.cumsum(probability)))
    mean_size = np.concatenate(([0.0], duration**1.7))
    law = TransferLaw(alive, probability, mean_size, 0.0, 0.0)
    sampled = Sampled(20_000, 500)
    found = duration_exponent(law, 10, 1000, sampled)
    assert found.exponent == pytest.approx(1.4, abs=1e-6)
    assert slope_of_sizes(law, 10, 1000, 2, sampled) == pytest.approx(1.7, abs=1e-9)
    rng = np.random.default_rng(3)
    logarithms = np.log(duration)
    inside = (duration >= 10) & (duration <= 1000)
    share = probability[1:][inside] / probability[1:][inside].sum()
    n = round(20_000 * probability[1:][inside].sum())
    spread = share @ (logarithms[inside] - share @ logarithms[inside]) ** 2
    means = [rng.multinomial(n, share) @ logarithms[inside] / n for _ in range(200)]
    assert np.std(means) / spread == pytest.approx(found.independent_error, rel=0.15)
    assert found.shared_error == pytest.approx(found.independent_error * np.sqrt(n / 40), rel=1e-3)


def test_expected_size_exponent_is_that_of_simulated_avalanches() -> None:
    """400,000 launched avalanches at N = 50 and the published offset give tau_s within four standard errors."""
    spec = NetworkSpec(50, 3000, 1.015)
    law = transfer_law(spec)
    found = size_exponent(law, AvalancheLaw(spec, 1000), spec, 1.0, 1000.0, Sampled(200_000, 5000))
    block = simulate_radial(spec, 400_000, np.random.default_rng(11), (20, 21))
    sizes = block.size[~block.censored] * np.sqrt(50)
    inside = np.log(sizes[(sizes >= 1.0) & (sizes <= 1000.0)])
    drawn = float(exponent_from_sums(inside.size, inside.sum(), 1.0, 1000.0, False))
    assert abs(drawn - found.exponent) < 4.0 * found.independent_error * np.sqrt(200_000 / sizes.size)


def test_offsets_are_in_units_of_the_drift_free_one() -> None:
    """Twice the relative offset is twice as far from one."""
    one, two = (spec_at(100, offset, "tanh", 0.1).weight_variance - 1.0 for offset in (1.0, 2.0))
    assert one == pytest.approx(drift_free_weight_variance("tanh", 100) - 1.0)
    assert two == pytest.approx(2.0 * one)
