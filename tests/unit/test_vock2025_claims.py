"""The claims of vock2025: true to what is printed, and held to it as stated."""

import math
import re
from pathlib import Path

import pytest

from deepcrit.claims.comparisons import Absolute, Arithmetic
from deepcrit.claims.model import Claim, load_claims

CLAIMS = Path(__file__).resolve().parents[2] / "claims" / "vock2025.yaml"
COUNTS = {
    "fig1a": 2, "fig1b": 5, "fig1c": 6,
    "fig2a": 8, "fig2b": 5, "fig2c": 3, "fig2d": 6, "supp": 18, "tableS4": 11, "tableS5": 63, "figS1": 8,
    "fig3": 4, "fig3a": 3, "fig3b": 3, "tableS1": 1, "tableS2": 1, "tableS3": 24,
    "fig4": 3, "fig4a": 2, "fig4b": 3, "fig4c": 3, "tableS6": 9,
    "fig5": 2, "fig5b": 4, "fig5c": 3, "fig5d": 2, "tableS7": 9,
}  # fmt: skip


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    return {claim.id.removeprefix("vock2025."): claim for claim in load_claims(CLAIMS).claims}


def test_every_family_is_whole(claims: dict[str, Claim]) -> None:
    """Each panel and table has all its claims."""
    families = [name.split(".")[0] for name in claims]
    assert {family: families.count(family) for family in COUNTS} == COUNTS


def test_printed_coefficients_agree_with_each_other(claims: dict[str, Claim]) -> None:
    """In Tables S4 and S5 t is the estimate over its error, to the rounding of both, and tolerances follow from errors.

    They are two published errors, and half of one where metadata alone decide. Those of intercepts leave out the mean.
    """
    found = 0
    for name, claim in claims.items():
        numbers = re.match(r"estimate (\S+), standard error (\S+), df (\S+), t (\S+), p ", claim.published)
        if numbers:
            estimate, error, degrees, t = (float(number) for number in numbers.groups())
            digits = 5e-5 if name.startswith("tableS4") else 5e-4
            assert abs(estimate / error - t) <= digits / error * (1 + abs(t)) + 5e-4, name
            assert 15 < degrees < 80, name
            first = claim.parts()[0].compare
            errors = 0.5 if claim.evidence == "fitted to metadata" else 2.0
            tolerance = 0.4 if name.endswith("_intercept") else pytest.approx(errors * error, rel=1e-4)
            assert (first.target, first.tolerance) == (estimate, tolerance), name
            assert claim.parts()[0].wrong == (76.981 if name.endswith("_intercept") else claim.parts()[0].wrong)
            found += 1
    assert found == 47 + 5


def test_table_s5_holds_every_choice_of_predictors(claims: dict[str, Claim]) -> None:
    """Fifteen models, no two with the same effects, each with an intercept."""
    effects: dict[int, set[str]] = {}
    for name in claims:
        of = re.match(r"tableS5\.lmm(\d+)_(\w+)", name)
        if of and of[2] != "errors":
            effects.setdefault(int(of[1]), set()).add(of[2])
    assert len({frozenset(names) for names in effects.values()}) == 15
    assert all("intercept" in names for names in effects.values())


def test_criteria_are_those_printed(claims: dict[str, Claim]) -> None:
    """The printed AIC is AICc: one criterion that rounds to the printed 403.8 gives it and the printed BIC."""
    criterion, parameters, models = 403.762, 7, 80
    assert f"{criterion:.1f}" == "403.8"
    aicc = criterion + 2 * parameters + 2 * parameters * (parameters + 1) / (models - parameters - 1)
    bic = criterion + parameters * math.log(models)
    for name, column, printed in (("supp.aic", "aicc", aicc), ("supp.bic", "bic", bic)):
        claim = claims[name]
        assert isinstance(claim.compare, Absolute)
        assert claim.measure is not None
        assert claim.measure.value == column
        assert claim.compare.target == pytest.approx(printed, abs=1e-3)


def test_errors_of_table_s5_are_those_beside_the_estimates(claims: dict[str, Claim]) -> None:
    """Each model's standard errors, degrees of freedom and t are what its effects have in print, all of them."""
    for number in range(1, 16):
        effects = [name for name in claims if re.match(rf"tableS5\.lmm{number}_(?!errors)", name)]
        printed = [re.search(r"standard error (\S+), df (\S+), t (\S+),", claims[name].published) for name in effects]
        targets = [part.compare.target for part in claims[f"tableS5.lmm{number}_errors"].parts()]
        assert targets == [float(value) for found in printed if found for value in found.groups()]


def test_the_curve_of_fig1c_is_the_one_printed(claims: dict[str, Claim]) -> None:
    """Its seven couplings follow from the three printed parameters."""
    curve = claims["fig1c.curve"].parts()
    assert [part.measure.where["width"] for part in curve] == [25, 50, 100, 200, 400, 800, 1600]
    for part in curve:
        coupling = 8.12e-3 + 3.14e1 * float(part.measure.where["width"]) ** -5.45e-1
        assert part.compare.target == pytest.approx(coupling, rel=5e-4)


def test_arithmetic_is_called_so(claims: dict[str, Claim]) -> None:
    """A verdict that rests on printed numbers alone is counted as arithmetic."""
    for claim in claims.values():
        assert (claim.evidence == "arithmetic") == isinstance(claim.compare, Arithmetic), claim.id


def test_weights_of_table_s3_are_not_exchanged(claims: dict[str, Claim]) -> None:
    """What fails of each architecture is its other accuracy."""
    for name, claim in claims.items():
        if name.startswith("tableS3.") and name != "tableS3.all_positive":
            old, new = claim.parts()
            assert (old.wrong, new.wrong) == (new.compare.target, old.compare.target)
            assert f"{old.compare.target:.3f} {new.compare.target:.3f}" in claim.quote
