"""What changes no mixed model, what none can be fitted to, and which of two fits stands."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from deepcrit.stats.mixedmodels import (
    CheckedFit,
    MixedModelError,
    coefficients,
    effect_correlations,
    fit_mixed_model,
    fit_random_intercept,
    information_criteria,
    nakagawa_r2,
    peer,
)
from deepcrit.stats.mixedmodels.readings import LAMBDA, MAGNITUDE_OF_LAMBDA, fit_readings

GROUPS = np.repeat(np.arange(20), np.arange(20) % 7 + 1)
ROWS = GROUPS.size


def sample(seed: int = 1, between: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """A response, and two predictors with the effects 2 and -1."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS, 2)) + rng.normal(size=(20, 2))[GROUPS]
    return 3.0 + x @ [2.0, -1.0] + between * rng.normal(size=20)[GROUPS] + rng.normal(size=ROWS), x


Y, X = sample()


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
@pytest.mark.parametrize(
    ("y", "x"),
    [(Y + 1e7, X), (Y, X + 1e8), (Y - 1e6, X - [1e7, 0.0]), (1e9 * Y, X), (1e-60 * Y, X * [1e80, 1e-80])],
    ids=["y + 1e7", "x + 1e8", "all shifted", "1e9 y", "far scales"],
)
def test_shifts_and_scales_change_nothing(y: np.ndarray, x: np.ndarray, restricted: bool) -> None:
    """Slopes have the t, degrees of freedom and correlation that they have of the plain columns; and so do R2."""
    plain, moved = (fit_random_intercept(*of, GROUPS, restricted) for of in ((Y, X), (y, x)))
    expected, found = coefficients(plain), coefficients(moved)
    assert found.t_values[1:] == pytest.approx(expected.t_values[1:], rel=1e-8)
    assert found.degrees_of_freedom[1:] == pytest.approx(expected.degrees_of_freedom[1:], rel=1e-7)
    assert moved.ratio == pytest.approx(plain.ratio, rel=1e-7)
    assert effect_correlations(moved)[1, 2] == pytest.approx(effect_correlations(plain)[1, 2], abs=1e-7)
    assert nakagawa_r2(moved) == pytest.approx(nakagawa_r2(plain), rel=1e-7)
    np.testing.assert_allclose(moved.scaled_residuals, plain.scaled_residuals, atol=1e-6)


def test_units_of_the_criterion() -> None:
    """A response in other units has another density: -2 log likelihood grows by 2 ln 10 a row, less if restricted."""
    for restricted, free in ((True, ROWS - 3), (False, ROWS)):
        plain, tenfold = (fit_random_intercept(unit * Y, X, GROUPS, restricted).criterion for unit in (1.0, 10.0))
        assert tenfold - plain == pytest.approx(2.0 * free * np.log(10.0), abs=1e-9)


def test_a_response_close_to_a_line_keeps_its_digits() -> None:
    """A millionth of the scatter around the same line has the same ratio, and errors a millionth as large."""
    line = X @ [2.0, -1.0]
    wide, narrow = (fit_random_intercept(line + scale * (Y - line), X, GROUPS) for scale in (1.0, 1e-6))
    assert narrow.ratio == pytest.approx(wide.ratio, rel=1e-6)
    error = coefficients(wide).standard_errors
    assert coefficients(narrow).standard_errors == pytest.approx(1e-6 * error, rel=1e-6)
    assert narrow.coefficients - [0, 2, -1] == pytest.approx(1e-6 * (wide.coefficients - [0, 2, -1]), rel=1e-6)


@pytest.mark.parametrize("x", [X.T, [X[:, 0], X[:, 1]], X[:-1], X[None]], ids=["transposed", "list", "short", "cube"])
def test_predictors_that_are_no_rows_are_refused(x: object) -> None:
    """A list of columns, or their transpose, is not taken for rows; nor is a wrong number of rows."""
    with pytest.raises(MixedModelError, match=f"predictors: found shape .*, expected .*{ROWS}"):
        fit_random_intercept(Y, x, GROUPS)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: (np.full(ROWS, 0.1), X, GROUPS), "response: found 0.1 in every row"),
        (lambda: (np.full(ROWS, 97.3) + 0.1 - 0.1, X, GROUPS), "response: found 97.3 in every row"),
        (lambda: (3.0 + 0.1 * X[:, 0], X, GROUPS), "response that the predictors determine"),
        (lambda: (1e6 + 0.1 * X[:, 0] + X[:, 1] / 3.0, X, GROUPS), "response that the predictors determine"),
        (lambda: (3.0 + 0.1 * X[:, 0] + 0.3 * GROUPS, X, GROUPS), "expected a response that varies within groups"),
        (lambda: (0.3 * GROUPS + 1e-9 * Y, X, GROUPS), "expected a response that varies within groups"),
        (lambda: (Y, np.full(ROWS, 0.1), GROUPS), "predictor 1: found 0.1 in every row"),
        (lambda: (Y, np.column_stack([X[:, 0], X[:, 0] + 1e8]), GROUPS), "3 coefficients are not determined"),
        (lambda: (Y, np.column_stack([X, X @ [1e6, 1e-6]]), GROUPS), "4 coefficients are not determined"),
        (lambda: (Y[:, None], X, GROUPS), r"response: found shape \(\d+, 1\)"),
        (lambda: (Y, X, GROUPS[1:]), "groups: found 76 labels, expected 77"),
        (lambda: (Y, X, [None, *map(str, GROUPS[1:])]), "groups: found 1 rows without a label"),
        (lambda: (Y, X, pd.Series(GROUPS, dtype=float).replace(3.0, np.nan)), "groups: found 4 rows without a label"),
        (lambda: ([], np.empty((0, 2)), []), "at least one row"),
    ],
)
def test_what_has_no_mixed_model_is_refused(
    made: Callable[[], tuple[np.ndarray, np.ndarray, np.ndarray]], message: str
) -> None:
    """No residual variance, no variance of a predictor, dependence up to rounding, missing labels: said, not fitted."""
    with pytest.raises(MixedModelError, match=message):
        fit_random_intercept(*made())


def test_too_few_rows_for_a_criterion() -> None:
    """Seven rows have no small-sample criterion of seven parameters, which would be negative."""
    rng = np.random.default_rng(2)
    fit = fit_random_intercept(rng.normal(size=8), rng.normal(size=(8, 4)), [0, 0, 1, 1, 2, 2, 3, 4])
    with pytest.raises(MixedModelError, match="found 8 rows, expected more than 8"):
        information_criteria(fit)


def table(y: np.ndarray, x: np.ndarray) -> pd.DataFrame:
    """Rows with a response, two predictors and a group of two columns."""
    return pd.DataFrame({"y": y, "a": x[:, 0], "|b|": x[:, 1], "target": GROUPS % 5, "strength": GROUPS // 5})


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
def test_statsmodels_fits_where_groups_differ(restricted: bool) -> None:
    """Both find the same criterion, the fit of statsmodels stands, and estimates are those of z scores."""
    found = fit_mixed_model(table(Y, X), "y", ["a", "|b|"], ["target", "strength"], restricted)
    scores = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    profile = fit_random_intercept(Y, scores, GROUPS, restricted)
    assert (found.fitted_by, found.peer_agrees) == ("statsmodels", True)
    assert found.fit.criterion == pytest.approx(profile.criterion, abs=1e-8)
    assert found.peer_criterion == pytest.approx(profile.criterion, abs=1e-9)
    assert found.fit.coefficients == pytest.approx(profile.coefficients, rel=1e-6)
    assert found.fit.group_variance == pytest.approx(profile.group_variance, rel=1e-5)


def at_the_boundary() -> list[CheckedFit]:
    """Fits of samples without variance between groups."""
    return [fit_mixed_model(table(*sample(seed, 0.0)), "y", ["a", "|b|"], ["target", "strength"]) for seed in range(8)]


def test_statsmodels_finds_the_boundary() -> None:
    """Where groups do not differ both end at the same criterion, with a group variance of zero in most samples."""
    found = at_the_boundary()
    assert {(of.fitted_by, of.peer_agrees) for of in found} == {("statsmodels", True)}
    assert sum(of.fit.boundary for of in found) > 4


def test_the_profile_stands_where_statsmodels_stops_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its gradient optimiser stops above the least criterion of some samples; what stands never does."""
    monkeypatch.setattr(peer, "_OPTIMISER", {"method": "bfgs"})
    found = at_the_boundary()
    by = {name: [of for of in found if of.fitted_by == name] for name in ("statsmodels", "profile")}
    assert by["statsmodels"]
    assert by["profile"]
    assert all(of.peer_agrees for of in by["statsmodels"])
    for of in by["profile"]:
        assert not of.peer_agrees
        assert np.isnan(of.peer_criterion) or of.peer_criterion > of.fit.criterion + peer.CRITERION_AGREEMENT


def test_the_profile_stands_where_statsmodels_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A singular matrix in its optimiser costs no row: its criterion alone is missing."""

    def failing(*_: object, **__: object) -> None:
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(peer.formula_api, "mixedlm", failing)
    found = fit_mixed_model(table(Y, X), "y", ["a", "|b|"], ["target", "strength"])
    assert (found.fitted_by, found.peer_agrees) == ("profile", False)
    assert np.isnan(found.peer_criterion)
    assert np.isfinite(found.fit.criterion)


def test_missing_labels_of_rows_are_refused() -> None:
    """A group that is not named is no group of that name."""
    rows = table(Y, X).assign(target=lambda frame: frame["target"].where(frame["target"] != 3))
    with pytest.raises(MixedModelError, match="rows without a label"):
        fit_mixed_model(rows, "y", ["a"], ["target", "strength"])
    with pytest.raises(MixedModelError, match="found no rows"):
        fit_mixed_model(rows.iloc[:0], "y", ["a"], ["target", "strength"])


def test_every_reading_is_fitted_in_its_own_terms() -> None:
    """An accuracy that goes with |lambda_0| and one of two derivatives has these effects in that reading alone."""
    rng = np.random.default_rng(3)
    rows = table(Y, X).assign(
        exponent_=rng.normal(size=ROWS), first=rng.normal(size=ROWS), second=rng.normal(size=ROWS)
    )
    rows["accuracy"] = 90.0 - rows["exponent_"].abs() + 2.0 * rows["second"] + 0.1 * rng.normal(size=ROWS)
    samples = {"rows": (rows, lambda of: of), "few": (rows.iloc[:9], lambda of: of)}
    found = list(fit_readings(samples, "exponent_", {"one": "first", "two": "second"}))
    assert [(name, of.exponent, of.derivative) for name, of in found] == [
        ("rows", exponent, derivative) for exponent in (LAMBDA, MAGNITUDE_OF_LAMBDA) for derivative in ("one", "two")
    ]
    of_truth = next(of.checked.fit for _, of in found if (of.exponent, of.derivative) == (MAGNITUDE_OF_LAMBDA, "two"))
    truth = [2.0 * rows["second"].std(), -rows["exponent_"].abs().std()]
    assert of_truth.coefficients[1:] == pytest.approx(truth, abs=0.1)
    least = [of.checked.fit.residual_variance for _, of in found]
    assert np.argmin(least) == 3
