"""The powerlaw package beside our fits: what both find, what it is not asked, and that a disagreement is an error."""

import math
from typing import Any

import numpy as np
import powerlaw
import pytest

from deepcrit.avalanches.powerlaws import (
    fit_continuous,
    log_spaced_candidates,
    sample_continuous,
    sample_discrete,
    scan_xmin,
)
from deepcrit.avalanches.powerlaws import peer as module
from deepcrit.avalanches.powerlaws.peer import PeerError, peer_fit, peer_scan, thinned


def drawn(seed: int, n: int, exponent: float, xmin: int, xmax: int, discrete: bool) -> np.ndarray:
    rng = np.random.default_rng(seed)
    law: Any = sample_discrete if discrete else sample_continuous
    return np.sort(law(rng, n, exponent, xmin, xmax))


@pytest.mark.parametrize("discrete", [True, False])
@pytest.mark.parametrize(
    ("exponent", "xmin", "xmax"), [(1.08, 1, 1000), (1.33, 1, 300), (1.5, 10, 1000), (2.4, 2, 50), (3.4, 250, 1500)]
)
def test_package_and_ours_find_the_truth(exponent: float, xmin: int, xmax: int, discrete: bool) -> None:
    """On samples of a few sizes its exponent and error are ours to rounding, and within four errors of the truth."""
    for seed, n in enumerate((60, 500, 20_000)):
        found = peer_fit(drawn(seed, n, exponent, xmin, xmax, discrete), xmin, xmax, discrete)
        assert (found.peer_points, found.peer_xmin) == (n, xmin)
        assert found.peer_exponent == pytest.approx(found.own_exponent, abs=3e-4 * max(1.0, found.own_exponent))
        assert found.peer_exponent == pytest.approx(exponent, abs=4 * found.peer_error)


def test_above_one_and_a_half_its_own_fit_ignores_xmax() -> None:
    """Of real values on [1, 100] with exponent 1.8 its Fit finds 1.89, and its error is off by a fifth.

    Through its law fitted numerically, and the curvature of its likelihood, both are ours.
    """
    x = drawn(1, 20_000, 1.8, 1, 100, False)
    naive = powerlaw.Fit(x, xmin=1.0, xmax=100.0, verbose=0).power_law
    own, found = fit_continuous(x, 1.0, 100.0), peer_fit(x, 1.0, 100.0, False)
    assert naive.alpha > own.exponent + 5 * own.standard_error
    assert abs(naive.standard_err / own.standard_error - 1) > 0.1
    assert found.peer_exponent == pytest.approx(own.exponent, abs=3e-4)
    assert found.peer_error == pytest.approx(own.standard_error, rel=2e-3)


@pytest.mark.parametrize("discrete", [True, False])
def test_it_chooses_xmin_as_ours(discrete: bool) -> None:
    """Below a knee at 20 the law is another: both leave that part out, on the same candidates."""
    rng = np.random.default_rng(3)
    body = rng.integers(1, 20, 2000) if discrete else rng.uniform(1, 20, 2000)
    x = np.sort(np.concatenate([body, drawn(4, 4000, 2.0, 20, 1000, discrete)]))
    candidates = log_spaced_candidates(x[x < 500], 40)
    found = peer_scan(x, candidates, 1000.0, discrete)
    assert found.peer_xmin in candidates
    assert 15 <= found.peer_xmin <= 60
    assert found.own_exponent == pytest.approx(2.0, abs=0.15)
    if not discrete:
        own = scan_xmin(x, candidates, 1000.0, limits="left")
        distance = own.ks_distances[np.searchsorted(candidates, found.peer_xmin)]
        assert distance == pytest.approx(own.ks_distances[own.chosen], abs=1e-3)


@pytest.mark.parametrize(("exponent", "xmin", "discrete"), [(0.7, 1, False), (1.0, 1, True), (12.0, 10, True)])
def test_beyond_its_limits_it_is_not_asked(exponent: float, xmin: int, discrete: bool) -> None:
    """Near exponent one, and for lattice laws so steep that its zeta function is lost in rounding."""
    found = peer_fit(drawn(5, 500, exponent, xmin, 1000, discrete), xmin, 1000, discrete)
    assert math.isnan(found.peer_exponent)
    assert math.isnan(found.peer_error)
    assert found.own_exponent == pytest.approx(exponent, abs=0.1 * max(1.0, exponent))


def test_large_samples_are_thinned_evenly() -> None:
    """A million points become the middles of equal parts of the ordered sample, the same ones every time."""
    x = drawn(6, 1_000_000, 1.4, 1, 1000, False)
    few = thinned(x, 1000)
    assert few.size == 1000
    np.testing.assert_array_equal(few, x[500::1000])
    assert thinned(few, 1000) is few
    found = peer_fit(x, 1.0, 1000.0, False)
    assert found.peer_points == module.MOST_POINTS
    assert found.peer_exponent == pytest.approx(fit_continuous(x, 1.0, 1000.0).exponent, abs=1e-3)


@pytest.mark.parametrize(
    ("planted", "message"),
    [({"exponent": 1.002}, "exponent of 2000 points on"), ({"standard_error": 1.01}, "standard error of 2000 points")],
)
@pytest.mark.parametrize("discrete", [True, False])
def test_a_disagreement_is_an_error(
    planted: dict[str, float], message: str, discrete: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exponent of ours that is off by two thousandths, or an error by a hundredth, is told with both values."""
    fit = module._own_fit

    def wrong(*arguments: Any) -> Any:
        found = fit(*arguments)
        return type(found)(**vars(found) | {name: getattr(found, name) * by for name, by in planted.items()})

    x = drawn(7, 2000, 1.5, 1, 1000, discrete)
    peer_fit(x, 1.0, 1000.0, discrete)
    monkeypatch.setattr(module, "_own_fit", wrong)
    with pytest.raises(PeerError, match=message + ".*the powerlaw package found .*, ours is "):
        peer_fit(x, 1.0, 1000.0, discrete)


def test_a_wrong_distance_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The choice of xmin rests on the distance of every candidate, each of which is held to ours."""
    distance = module._left_distance
    monkeypatch.setattr(module, "_left_distance", lambda *arguments: distance(*arguments) + 0.002)
    with pytest.raises(PeerError, match=r"distance of \d+ points on \[1, 1000\]"):
        peer_scan(drawn(8, 4000, 1.8, 1, 1000, False), np.array([1.0, 30.0]), 1000.0, False)
