"""How far distributions are straight: known power laws, and the same cut off."""

import numpy as np
import pytest

from deepcrit.avalanches.powerlaws import local_exponents, sample_continuous, sample_discrete, straight_span

N = 1_000_000


def cut_off(rng: np.random.Generator, values: np.ndarray, at: float) -> np.ndarray:
    """Those of the values that an exponential cut-off keeps, in ascending order."""
    return np.sort(values[rng.random(len(values)) < np.exp(-values / at)])


def test_local_exponents_are_those_of_the_law() -> None:
    """Every window of a power law has its exponent, within five standard errors of ten thousand values."""
    rng = np.random.default_rng(1)
    for discrete, values in (
        (True, sample_discrete(rng, N, 1.5, 1, None)),
        (False, sample_continuous(rng, N, 1.5, 1.0, None)),
    ):
        found = local_exponents(np.sort(values), discrete)
        assert len(found.exponent) > 10
        assert np.abs(found.exponent - 1.5).max() < 5 * 0.03
        assert (found.high > found.low).all()


@pytest.mark.parametrize(("exponent", "discrete"), [(1.5, True), (4 / 3, False)])
def test_a_power_law_is_straight_and_a_cut_off_ends_it(exponent: float, discrete: bool) -> None:
    """Three decades of a power law are straight over most of them; cut off at 75, under two, by either limit.

    A Kolmogorov-Smirnov distance passes the second: nine of ten values lie below the cut-off.
    """
    rng = np.random.default_rng(2)
    if discrete:
        values = sample_discrete(rng, 3 * N, exponent, 1, 1000).astype(float)
    else:
        values = sample_continuous(rng, 3 * N, exponent, 1.0, 1000.0)
    whole = local_exponents(np.sort(values), discrete)
    cut = local_exponents(cut_off(rng, values, 75.0), discrete)
    for limit in (0.05, 0.1):
        assert straight_span(whole, limit).decades > 2.5
        span = straight_span(cut, limit)
        assert span.decades < 2.0
        assert span.ends_within
        assert span.high < 400
    assert straight_span(cut, 0.1).decades >= straight_span(cut, 0.05).decades


def test_too_few_values_leave_the_end_open() -> None:
    """A sample that is straight as far as there are enough values does not say where that ends."""
    rng = np.random.default_rng(3)
    found = straight_span(local_exponents(np.sort(sample_continuous(rng, N // 10, 1.5, 1.0, None)), False), 0.1)
    assert found.decades > 0.5
    assert not found.ends_within
    nothing = straight_span(local_exponents(np.sort(sample_continuous(rng, 1000, 1.5, 1.0, None)), False), 0.1)
    assert np.isnan(nothing.decades)
    assert not nothing.ends_within
