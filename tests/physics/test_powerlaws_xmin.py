"""The xmin scan equals one fit per candidate, and the powerlaw package's choice."""

import warnings

import numpy as np
import powerlaw
import pytest

from deepcrit.avalanches.powerlaws import (
    compress,
    fit_continuous,
    fit_discrete,
    log_spaced_candidates,
    sample_continuous,
    sample_discrete,
    scan_xmin,
)


def kneed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Lognormal below 1, power law of exponent 2.5 above."""
    x = np.exp(rng.normal(size=n))
    tail = x > 1
    x[tail] = sample_continuous(rng, int(tail.sum()), 2.5, 1.0, None)
    return x


@pytest.mark.parametrize("xmax", [40.0, None])
def test_real_scan_equals_single_fits(xmax: float | None) -> None:
    """Exponent, error, distance and count of every candidate are those of a fit on [candidate, xmax]."""
    x = kneed(np.random.default_rng(1), 2000)
    candidates = log_spaced_candidates(x[x < 20], 25)
    scan = scan_xmin(x, candidates, xmax)
    fits = [fit_continuous(x, c, xmax) for c in candidates]
    np.testing.assert_allclose(scan.exponents, [f.exponent for f in fits], rtol=1e-11)
    np.testing.assert_allclose(scan.standard_errors, [f.standard_error for f in fits], rtol=1e-9)
    np.testing.assert_allclose(scan.ks_distances, [f.ks_distance for f in fits], atol=1e-12)
    np.testing.assert_array_equal(scan.n, [f.n for f in fits])
    best = int(np.argmin([f.ks_distance for f in fits]))
    assert (scan.xmin, scan.exponent) == (candidates[best], pytest.approx(fits[best].exponent, rel=1e-11))


@pytest.mark.parametrize("xmax", [300, None])
def test_discrete_scan_equals_single_fits(xmax: int | None) -> None:
    """The same for counts, every distinct value being a candidate."""
    rng = np.random.default_rng(2)
    k = np.concatenate([rng.integers(1, 12, 1500), sample_discrete(rng, 3000, 2.0, 12, 300)])
    values, counts = compress(k)
    scan = scan_xmin(values, None, xmax, counts=counts)
    usable = np.flatnonzero(~np.isnan(scan.ks_distances))
    fits = [fit_discrete(k, int(scan.candidates[c]), xmax) for c in usable]
    np.testing.assert_allclose(scan.exponents[usable], [f.exponent for f in fits], rtol=1e-10)
    np.testing.assert_allclose(scan.standard_errors[usable], [f.standard_error for f in fits], rtol=1e-9)
    np.testing.assert_allclose(scan.ks_distances[usable], [f.ks_distance for f in fits], atol=1e-11)
    assert scan.n[usable].min() >= 50
    assert scan.n[np.isnan(scan.ks_distances)].max() < 50
    if xmax is not None:
        assert 11 <= scan.xmin <= 40
        assert scan.exponent == pytest.approx(2.0, abs=4 * scan.standard_errors[scan.chosen])


def test_finds_the_knee() -> None:
    """Where a lognormal body gives way to a power law, the scan finds the place and the exponent."""
    scan = scan_xmin(kneed(np.random.default_rng(3), 20_000))
    assert 0.9 < scan.xmin < 1.3
    assert scan.exponent == pytest.approx(2.5, abs=0.08)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_same_choice_as_powerlaw(seed: int) -> None:
    """With left limits alone, as the powerlaw package compares, xmin, exponent and distance are the package's."""
    x = kneed(np.random.default_rng(seed), 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = powerlaw.Fit(x, verbose=0)
    scan = scan_xmin(x, minimum=2, limits="left")
    assert scan.xmin == pytest.approx(fit.xmin, abs=1e-12)
    assert scan.exponent == pytest.approx(fit.alpha, abs=1e-10)
    assert scan.ks_distances[scan.chosen] == pytest.approx(fit.D, abs=1e-10)
    both = scan_xmin(x, minimum=2)
    assert (both.ks_distances >= scan.ks_distances)[~np.isnan(scan.ks_distances)].all()
