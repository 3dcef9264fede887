"""Random intercepts held against printed output of lme4 and lmerTest, exact results, and known parameters."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal
from statsmodels.regression.mixed_linear_model import MixedLM, MixedLMResults

from deepcrit.stats.mixedmodels import (
    MixedModelError,
    coefficients,
    effect_correlations,
    fit_random_intercept,
    information_criteria,
    nakagawa_r2,
)

DATA = Path(__file__).resolve().parents[1] / "data"
# Davies and Goldsmith (1972), Table 6.3 and 6.4, as lme4 ships them: yield of five preparations of each of six batches
DYESTUFF = [
    [1545, 1440, 1440, 1520, 1580], [1540, 1555, 1490, 1560, 1495], [1595, 1550, 1605, 1510, 1560],
    [1445, 1440, 1595, 1465, 1545], [1595, 1630, 1515, 1635, 1625], [1520, 1455, 1450, 1480, 1445],
]  # fmt: skip
DYESTUFF2 = [
    [7.298, 3.846, 2.434, 9.566, 7.99], [5.22, 6.556, 0.608, 11.788, -0.892], [0.11, 10.386, 13.434, 5.51, 8.166],
    [2.212, 4.852, 7.092, 9.288, 4.98], [0.282, 9.014, 4.458, 9.446, 7.198], [1.722, 4.782, 8.106, 0.758, 3.758],
]  # fmt: skip
BATCHES = np.repeat(np.arange(6), 5)
NOTHING = np.empty((30, 0))


@pytest.fixture(scope="module")
def sleepstudy() -> pd.DataFrame:
    """Reaction times of Belenky et al. (2003), J. Sleep Res. 12: eighteen subjects, ten days, as lme4 ships them."""
    wide = pd.read_csv(DATA / "sleepstudy.tsv", sep="\t")
    long = wide.melt(id_vars="subject", var_name="day", value_name="reaction")
    return long.assign(day=long["day"].str.removeprefix("day_").astype(float))


def test_sleepstudy(sleepstudy: pd.DataFrame) -> None:
    """lmer(Reaction ~ Days + (1 | Subject)), every printed digit of lme4's summary and lmerTest's degrees of freedom.

    Variances are printed in the vignette "sommer.vs.lme4" of the R package sommer, the whole summary by gamm4, which
    prints lme4's, and in many tutorials. The degrees of freedom of the slope are exact, 180 - 18 - 1.
    """
    fit = fit_random_intercept(sleepstudy["reaction"], sleepstudy["day"], sleepstudy["subject"])
    found = coefficients(fit)
    assert found.estimates == pytest.approx([251.4051, 10.4673], abs=5e-5)
    assert found.standard_errors == pytest.approx([9.7467, 0.8042], abs=5e-5)
    assert found.t_values == pytest.approx([25.79, 13.02], abs=5e-3)
    assert found.degrees_of_freedom == pytest.approx([22.81, 161.0], abs=5e-3)
    assert fit.group_variance == pytest.approx(1378.2, abs=0.05)
    assert fit.residual_variance == pytest.approx(960.5, abs=0.05)
    assert fit.criterion == pytest.approx(1786.5, abs=0.05)
    assert effect_correlations(fit)[0, 1] == pytest.approx(-0.371, abs=5e-4)
    assert nakagawa_r2(fit) == pytest.approx((0.280, 0.704), abs=5e-4)
    assert np.quantile(fit.scaled_residuals, [0, 0.25, 0.5, 0.75, 1]) == pytest.approx(
        [-3.2257, -0.5529, 0.0109, 0.5188, 4.2506], abs=1e-4
    )


def test_sleepstudy_by_maximum_likelihood(sleepstudy: pd.DataFrame) -> None:
    """The line of lme4's anova table: 4 parameters, AIC 1802.1, BIC 1814.8, deviance 1794.1."""
    fit = fit_random_intercept(sleepstudy["reaction"], sleepstudy["day"], sleepstudy["subject"], restricted=False)
    criteria = information_criteria(fit)
    assert fit.criterion == pytest.approx(1794.1, abs=0.05)
    assert criteria.aic == pytest.approx(1802.1, abs=0.05)
    assert criteria.bic == pytest.approx(1814.85, abs=0.05)


def test_dyestuff() -> None:
    """lmer(Yield ~ 1 + (1 | Batch)) of lme4's manual: variances 1764 and 2451, REML criterion 319.7.

    The fit is exact here, since balanced data have the estimates of the analysis of variance.
    """
    y = np.array(DYESTUFF, float)
    fit = fit_random_intercept(y.ravel(), NOTHING, BATCHES)
    within = y.var(axis=1, ddof=1).mean()
    between = y.mean(axis=1).var(ddof=1) - within / 5
    assert fit.residual_variance == pytest.approx(within, rel=1e-6)
    assert fit.group_variance == pytest.approx(between, rel=1e-5)
    assert (round(fit.group_variance), round(fit.residual_variance)) == (1764, 2451)
    assert fit.criterion == pytest.approx(319.6543, abs=5e-5)
    # the mean of a balanced layout has exactly as many degrees of freedom as there are batches, less one
    assert coefficients(fit).degrees_of_freedom == pytest.approx([5.0], rel=1e-5)
    assert coefficients(fit).standard_errors == pytest.approx([19.38], abs=5e-3)


def test_dyestuff_by_maximum_likelihood() -> None:
    """Variances 1388 and 2451 as in lme4's manual, and deviance 327.3271 as in OpenMx's test against lme4 (xxm-2.R)."""
    fit = fit_random_intercept(np.ravel(DYESTUFF), NOTHING, BATCHES, restricted=False)
    assert (round(fit.group_variance), round(fit.residual_variance)) == (1388, 2451)
    assert fit.criterion == pytest.approx(327.3271, abs=5e-5)
    assert information_criteria(fit).aic == pytest.approx(333.3271, abs=5e-5)


def test_boundary_is_reported() -> None:
    """Dyestuff2, where lme4 warns of a singular fit: no variance between batches, least squares otherwise."""
    y = np.ravel(DYESTUFF2)
    fit = fit_random_intercept(y, NOTHING, BATCHES)
    assert fit.boundary
    assert fit.group_variance == 0.0
    assert fit.residual_variance == pytest.approx(y.var(ddof=1))
    assert fit.criterion == pytest.approx(161.8283, abs=5e-5)
    assert coefficients(fit).standard_errors == pytest.approx([y.std(ddof=1) / np.sqrt(30)])
    assert coefficients(fit).degrees_of_freedom == pytest.approx([29.0])


def synthetic(rng: np.random.Generator, slope: float = 0.7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    groups = np.repeat(np.arange(20), np.arange(20) % 7 + 1)
    x = rng.normal(size=groups.size) + rng.normal(size=20)[groups]
    y = 3.0 + slope * x + 2.0 * rng.normal(size=20)[groups] + rng.normal(size=groups.size)
    return y, x, groups


@pytest.mark.parametrize("restricted", [True, False])
def test_criterion_and_freedom_against_dense_matrices(restricted: bool) -> None:
    """Criterion, its least value and degrees of freedom equal those of the likelihood written out in full."""
    y, x, groups = synthetic(np.random.default_rng(1))
    fit = fit_random_intercept(y, x, groups, restricted)
    same = (groups[:, None] == groups).astype(float)
    design = np.column_stack([np.ones(y.size), x])

    def dense(between: float, within: float) -> tuple[float, np.ndarray]:
        inverse = np.linalg.inv(between * same + within * np.eye(y.size))
        information = design.T @ inverse @ design
        left = y - design @ np.linalg.solve(information, design.T @ inverse @ y)
        value = -np.linalg.slogdet(inverse)[1] + left @ inverse @ left
        if restricted:
            return value + np.linalg.slogdet(information)[1] + (y.size - 2) * np.log(2 * np.pi), information
        return value + y.size * np.log(2 * np.pi), information

    at = np.array([fit.group_variance, fit.residual_variance])
    value, information = dense(*at)
    assert fit.criterion == pytest.approx(value, abs=1e-8)
    assert fit.covariance == pytest.approx(np.linalg.inv(information))
    step = 1e-3 * at
    ends = np.array([[dense(*(at + step * [i, j]))[0] for j in (-1, 0, 1)] for i in (-1, 0, 1)])
    assert ends.min() == ends[1, 1]
    hessian = np.array([
        [(ends[2, 1] - 2 * ends[1, 1] + ends[0, 1]) / step[0] ** 2,
         (ends[2, 2] - ends[2, 0] - ends[0, 2] + ends[0, 0]) / (4 * step[0] * step[1])],
        [0.0, (ends[1, 2] - 2 * ends[1, 1] + ends[1, 0]) / step[1] ** 2],
    ])  # fmt: skip
    hessian[1, 0] = hessian[0, 1]

    def variances(between: float, within: float) -> np.ndarray:
        return np.diag(np.linalg.inv(dense(between, within)[1]))

    gradient = np.array([
        (variances(*(at + step * unit)) - variances(*(at - step * unit))) / (2 * step @ unit) for unit in np.eye(2)
    ])  # fmt: skip
    spread = np.einsum("ip,ij,jp->p", gradient, 2 * np.linalg.inv(hessian), gradient)
    assert coefficients(fit).degrees_of_freedom == pytest.approx(2 * variances(*at) ** 2 / spread, rel=1e-3)


def by_statsmodels(y: np.ndarray, x: np.ndarray, groups: np.ndarray) -> MixedLMResults:
    return MixedLM(y, np.column_stack([np.ones(y.size), x]), groups=groups).fit(reml=False)


@pytest.mark.parametrize("seed", range(5))
def test_fits_are_those_of_statsmodels(seed: int) -> None:
    """A peer finds the same coefficients and variances, as far as its optimiser goes, and no better criterion."""
    y, x, groups = synthetic(np.random.default_rng(seed))
    fit, peer = fit_random_intercept(y, x, groups, restricted=False), by_statsmodels(y, x, groups)
    assert fit.coefficients == pytest.approx(peer.fe_params, rel=1e-5)
    assert (fit.group_variance, fit.residual_variance) == pytest.approx((peer.cov_re.item(), peer.scale), rel=1e-3)
    assert -1e-5 < fit.criterion + 2.0 * peer.llf < 1e-9


def test_standard_errors_of_statsmodels_are_of_the_joint_information() -> None:
    """Why its errors are not lme4's: they invert the observed information of coefficients and variances together.

    The Hessian of the likelihood of all four parameters, by differences of scipy's normal density, gives the errors of
    statsmodels; its block of the coefficients alone gives ours. In this sample the slope has the larger difference.
    """
    y, x, groups = synthetic(np.random.default_rng(4))
    fit, peer = fit_random_intercept(y, x, groups, restricted=False), by_statsmodels(y, x, groups)
    same = (groups[:, None] == groups).astype(float)

    def minus_log_likelihood(at: np.ndarray) -> float:
        covariance = at[2] * same + at[3] * np.eye(y.size)
        return float(-multivariate_normal(at[0] + at[1] * x, covariance).logpdf(y))

    at = np.array([*fit.coefficients, fit.group_variance, fit.residual_variance])
    steps = 1e-3 * np.eye(4) * np.abs(at)
    information = np.array([
        [sum(i * j * minus_log_likelihood(at + i * first + j * second) for i in (-1, 1) for j in (-1, 1))
         / (4.0 * first.sum() * second.sum()) for second in steps] for first in steps
    ])  # fmt: skip
    joint = np.sqrt(np.diag(np.linalg.inv(information)))[:2]
    alone = np.sqrt(np.diag(np.linalg.inv(information[:2, :2])))
    ours = coefficients(fit).standard_errors
    assert peer.bse_fe == pytest.approx(joint, rel=1e-4)
    assert ours == pytest.approx(alone, rel=1e-4)
    assert joint[1] / alone[1] > 1.005


def test_intervals_cover_and_variances_are_unbiased() -> None:
    """Of 500 synthetic sets of 20 unequal groups: 95% intervals hold the truth in 93 to 97%, variances average it."""
    rng = np.random.default_rng(2)
    fits = [fit_random_intercept(*synthetic(rng)) for _ in range(500)]
    found = [coefficients(fit) for fit in fits]
    for i, truth in enumerate((3.0, 0.7)):
        covered = np.mean([of.ci_low[i] <= truth <= of.ci_high[i] for of in found])
        assert 0.93 <= covered <= 0.97
    for name, truth in (("group_variance", 4.0), ("residual_variance", 1.0)):
        values = np.array([getattr(fit, name) for fit in fits])
        assert abs(values.mean() - truth) < 3 * values.std() / np.sqrt(values.size)


def test_r2_of_known_parameters() -> None:
    """With many groups marginal and conditional R2 are the shares of variance that the data were made with."""
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(2000), 4)
    x = rng.normal(size=groups.size)
    y = x + np.sqrt(2.0) * rng.normal(size=2000)[groups] + rng.normal(size=groups.size)
    assert nakagawa_r2(fit_random_intercept(y, x, groups)) == pytest.approx((0.25, 0.75), abs=0.02)


def test_printed_criteria_are_those_of_small_samples() -> None:
    """-2 log REML 403.7624 (printed 403.8), 80 rows and 7 parameters give the printed AICc 419.318, BIC 434.437."""
    rng = np.random.default_rng(4)
    x, groups = rng.normal(size=(80, 4)), np.arange(80) % 21
    fit = fit_random_intercept(x.sum(axis=1) + rng.normal(size=80), x, groups)._replace(criterion=403.7624)
    criteria = information_criteria(fit)
    assert (round(criteria.aicc, 3), round(criteria.bic, 3)) == (419.318, 434.437)
    assert criteria.aic == pytest.approx(417.7624)


@pytest.mark.parametrize(
    ("y", "x", "groups", "message"),
    [
        (np.arange(12.0), np.arange(12.0) ** 2, np.arange(12) % 4, "found 4 groups, expected at least 5"),
        (np.arange(12.0), np.arange(12.0) ** 2, np.arange(12), "12 groups of 12 rows"),
        (np.arange(12.0), np.ones(12), np.arange(12) % 5, "not determined"),
        (np.full(12, np.nan), np.arange(12.0), np.arange(12) % 5, "not finite"),
    ],
)
def test_what_cannot_be_fitted_is_refused(y: np.ndarray, x: np.ndarray, groups: np.ndarray, message: str) -> None:
    """Data that determine no mixed model stop with what was found and what was expected."""
    with pytest.raises(MixedModelError, match=message):
        fit_random_intercept(y, x, groups)
