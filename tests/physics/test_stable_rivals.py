"""Rivals of stable laws, their comparison and goodness of fit: against scipy's fits, known truths and calibration."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.stats
from numpy.typing import NDArray

from deepcrit.stats import stable
from deepcrit.stats.stable.rivals import generalised_normal, student_t

Floats = NDArray[np.float64]


def signs(rng: np.random.Generator, n: int) -> Floats:
    return rng.choice([-1.0, 1.0], n)


TRUTHS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "stable": lambda rng, n: stable.sample(rng, n, 1.6, 0.02),
    "student_t": lambda rng, n: 0.02 * rng.standard_t(3, n),
    "generalised_normal": lambda rng, n: rng.laplace(0, 0.02, n),
    "lognormal": lambda rng, n: signs(rng, n) * np.exp(rng.normal(-4, 1, n)),
}


@pytest.mark.parametrize(("dof", "log_scale"), [(0.5, 0.3), (3.0, -0.2), (60.0, 0.1), (1e4, 0.0), (math.inf, 0.2)])
def test_student_t_is_scipys(dof: float, log_scale: float) -> None:
    """Log densities to 1e-11, up to the normal law at infinite dof, and derivatives by differences."""
    d = np.array([0.0, 0.1, 1.0, 3.0, 20.0])
    q = 1 / dof
    value, first, second = student_t(d, q, log_scale)
    np.testing.assert_allclose(value, scipy.stats.t(dof, scale=math.exp(log_scale)).logpdf(d), rtol=1e-11)
    step = 1e-6
    ahead, behind = student_t(d, q, log_scale + step), student_t(d, q, log_scale - step)
    np.testing.assert_allclose((ahead[0] - behind[0]) / (2 * step), first[1], rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose((ahead[1] - behind[1]) / (2 * step), second[1:], rtol=1e-6, atol=1e-6)
    ahead, here = student_t(d, q + step, log_scale), student_t(d, q + step / 2, log_scale)
    np.testing.assert_allclose((ahead[0] - value) / step, here[1][0], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose((ahead[1][0] - first[0]) / step, here[2][0], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("shape", [0.4, 1.0, 3.0])
def test_generalised_normal_is_scipys(shape: float) -> None:
    """Log densities to 1e-12, the location itself included, and derivatives by differences."""
    d = np.array([0.0, 0.1, 1.0, 3.0])
    point = (math.log(shape), 0.3)
    value, first, second = generalised_normal(d, *point)
    np.testing.assert_allclose(value, scipy.stats.gennorm(shape, scale=math.exp(0.3)).logpdf(d), rtol=1e-12)
    step = 1e-6
    for i, rows in ((0, [0, 1]), (1, [1, 2])):
        ahead, behind = (generalised_normal(d, *(np.array(point) + sign * step * np.eye(2)[i])) for sign in (1, -1))
        np.testing.assert_allclose((ahead[0] - behind[0]) / (2 * step), first[i], rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose((ahead[1] - behind[1]) / (2 * step), second[rows], rtol=1e-6, atol=1e-6)


def log_likelihood(rival: str, x: Floats) -> float:
    """Of the rival's maximum-likelihood fit by scipy or in closed form, location zero."""
    if rival == "normal":
        return float(scipy.stats.norm(0, math.sqrt(float((x * x).mean()))).logpdf(x).sum())
    if rival == "lognormal":
        u = np.log(np.abs(x))
        return float((scipy.stats.norm(u.mean(), u.std()).logpdf(u) - u - math.log(2)).sum())
    law = scipy.stats.t if rival == "student_t" else scipy.stats.gennorm
    return float(law.logpdf(x, *law.fit(x, floc=0)).sum())


@pytest.mark.parametrize("rival", stable.RIVALS)
@pytest.mark.parametrize("truth", TRUTHS)
def test_rivals_are_at_their_maximum(truth: str, rival: str) -> None:
    """The lead of the stable law over scipy's fits and closed forms, on the values themselves, is found from counts."""
    x = TRUTHS[truth](np.random.default_rng(5), 5000)
    fit = stable.fit(x)
    found = stable.compare(x, fit, rival)
    assert found.converged
    exact = fit.log_likelihood - log_likelihood(rival, x)
    assert found.ratio == pytest.approx(exact, abs=0.2, rel=2e-3)
    assert found.parameters == (1 if rival == "normal" else 2)
    assert found.stable_parameters == 2
    more = found.parameters - 2
    assert found.ratio == pytest.approx(found.stable_log_likelihood - found.log_likelihood)
    assert found.aic_difference == pytest.approx(2 * found.ratio + 2 * more)
    assert found.bic_difference == pytest.approx(2 * found.ratio + math.log(5000) * more)


@pytest.mark.parametrize("truth", TRUTHS)
def test_the_true_law_is_preferred(truth: str) -> None:
    """Values of each law: comparisons end in its favour, with its parameters recovered."""
    x = TRUTHS[truth](np.random.default_rng(6), 50_000)
    fit = stable.fit(stable.group(x))
    found = {rival: stable.compare(stable.group(x), fit, rival) for rival in stable.RIVALS}
    if truth == "stable":
        assert {comparison.preferred for comparison in found.values()} == {"stable"}
        return
    assert found[truth].preferred == truth
    assert min(found.values(), key=lambda comparison: comparison.ratio).rival == truth
    known = {
        "student_t": {"dof": 3.0, "scale": 0.02},
        "generalised_normal": {"shape": 1.0, "scale": 0.02},
        "lognormal": {"mean_log": -4.0, "sd_log": 1.0},
    }[truth]
    assert found[truth].estimates == pytest.approx(known, rel=0.05)


def test_normal_values_are_left_undecided() -> None:
    """On normal samples the nested test prefers the stable law in fewer than 5%, and rivals that contain it tie."""
    rng = np.random.default_rng(7)
    decided = 0
    for _ in range(150):
        grouped = stable.group(rng.normal(size=500))
        fit = stable.fit(grouped)
        found = stable.compare(grouped, fit, "normal")
        assert math.isnan(found.normalised_ratio)
        assert found.ratio > -1e-6
        decided += found.preferred != "undecided"
        if fit.normal:
            assert found.p_value == 1
            student = stable.compare(grouped, fit, "student_t")
            if student.at_boundary:
                assert math.isinf(student.estimates["dof"])
                assert student.ratio == pytest.approx(0, abs=1e-5)
                assert student.preferred == "undecided"
    assert decided <= 8


def test_a_fitted_location_counts_for_every_law() -> None:
    """One parameter more on either side, and the same answer as for values moved back to zero."""
    x = TRUTHS["stable"](np.random.default_rng(8), 5000)
    moved = x + 3.0
    fit = stable.fit(moved, None)
    centered = stable.fit(x - (fit.location - 3.0))
    for rival in stable.RIVALS:
        found, expected = stable.compare(moved, fit, rival), stable.compare(x - (fit.location - 3.0), centered, rival)
        assert (found.parameters, found.stable_parameters) == (expected.parameters + 1, 3)
        assert found.ratio == pytest.approx(expected.ratio, abs=0.05, rel=1e-3)


def test_values_at_the_location_are_left_out_against_the_lognormal() -> None:
    """Zeros have no logarithm: they are left out on both sides of that comparison, and of no other."""
    x = TRUTHS["stable"](np.random.default_rng(9), 2000)
    x[:100] = 0
    fit = stable.fit(x)
    assert stable.compare(x, fit, "lognormal").n == 1900
    assert stable.compare(x, fit, "student_t").n == 2000


@pytest.mark.parametrize("location", [0.0, None])
def test_distance_is_that_of_kolmogorov_and_smirnov(location: float | None) -> None:
    """scipy's distance of the values from the fitted law, but for what a bin holds."""
    x = TRUTHS["stable"](np.random.default_rng(10), 20_000)
    fit = stable.fit(x, location)
    found = stable.goodness_of_fit(x, fit, np.random.default_rng(1), replicates=1)
    exact = scipy.stats.kstest(x, lambda v: stable.distribution(v, fit.alpha, fit.scale, fit.location))
    assert found.distance == pytest.approx(exact.statistic, abs=5e-4)
    assert found.distance <= exact.statistic + 1e-9
    assert found.naive == pytest.approx(scipy.stats.kstwobign.sf(found.distance * math.sqrt(20_000)))


@pytest.mark.parametrize(("alpha", "n", "location"), [(1.5, 300, 0.0), (1.2, 300, None)])
def test_p_values_know_of_the_fitting(alpha: float, n: int, location: float | None) -> None:
    """On stable values the p-value is uniform, where the one that supposes known parameters crowds towards one."""
    rng = np.random.default_rng(2)
    p_values, naive = [], []
    for _ in range(60):
        grouped = stable.group(stable.sample(rng, n, alpha))
        found = stable.goodness_of_fit(grouped, stable.fit(grouped, location), rng, replicates=19)
        p_values.append(found.p_value - rng.random() / 20)
        naive.append(found.naive)
    assert scipy.stats.kstest(p_values, "uniform").pvalue > 1e-3
    assert np.mean(naive) > np.mean(p_values) + 0.05


def test_wrong_laws_are_rejected() -> None:
    """Laplace values are not stable, stable ones not normal, normal ones are both."""
    rng = np.random.default_rng(3)
    laplace, heavy, normal = (
        stable.group(x) for x in (rng.laplace(size=5000), stable.sample(rng, 5000, 1.7), rng.normal(size=5000))
    )

    def p_value(grouped: stable.GroupedValues, law: str) -> float:
        return stable.goodness_of_fit(grouped, stable.fit(grouped), rng, law, replicates=99).p_value

    assert p_value(laplace, "stable") == 0.01
    assert p_value(heavy, "stable") > 0.01
    assert p_value(heavy, "normal") == 0.01
    assert p_value(normal, "stable") > 0.01
    assert p_value(normal, "normal") > 0.01


def test_sets_are_drawn_from_the_generator_alone() -> None:
    """The same generator gives the same p-value."""
    grouped = stable.group(TRUTHS["stable"](np.random.default_rng(4), 500))
    fit = stable.fit(grouped)
    first, second = (stable.goodness_of_fit(grouped, fit, np.random.default_rng(1), replicates=9) for _ in range(2))
    assert first == second


def test_what_cannot_be_compared_is_refused() -> None:
    """Unknown rivals and laws, no replicates, fits of other values, and fits that did not converge."""
    x = TRUTHS["stable"](np.random.default_rng(4), 500)
    fit, rng = stable.fit(x), np.random.default_rng(1)
    with pytest.raises(stable.StableError, match="rival: found 'gamma'"):
        stable.compare(x, fit, "gamma")
    with pytest.raises(stable.StableError, match="law: found 'student_t'"):
        stable.goodness_of_fit(x, fit, rng, "student_t")
    with pytest.raises(stable.StableError, match="replicates: found 0"):
        stable.goodness_of_fit(x, fit, rng, replicates=0)
    x[:200] = 0
    stuck = stable.fit(x)
    for values, other in ((x[:-1], fit), (x, stuck)):
        with pytest.raises(stable.StableError, match="fit: found one of 500 values"):
            stable.compare(values, other, "normal")
        with pytest.raises(stable.StableError, match="fit: found one of 500 values"):
            stable.goodness_of_fit(values, other, rng)
