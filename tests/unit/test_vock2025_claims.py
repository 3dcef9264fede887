"""The claims of vock2025: true to what is printed, and held to it as stated."""

import math
import re
from pathlib import Path

import pytest

from deepcrit.claims.comparisons import Absolute
from deepcrit.claims.model import Claim, load_claims

CLAIMS = Path(__file__).resolve().parents[2] / "claims" / "vock2025.yaml"
COUNTS = {
    "fig2a": 8, "fig2b": 4, "fig2c": 3, "fig2d": 6, "supp": 18, "tableS4": 11, "tableS5": 48, "figS1": 8,
    "fig3": 4, "fig3a": 3, "fig3b": 3, "tableS1": 1, "tableS2": 1, "tableS3": 24,
    "fig4": 3, "fig4a": 2, "fig4b": 2, "fig4c": 2, "tableS6": 9,
}  # fmt: skip


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    return {claim.id.removeprefix("vock2025."): claim for claim in load_claims(CLAIMS).claims}


def test_every_family_is_whole(claims: dict[str, Claim]) -> None:
    """Each panel and table has all its claims."""
    families = [name.split(".")[0] for name in claims]
    assert {family: families.count(family) for family in COUNTS} == COUNTS


def test_printed_coefficients_agree_with_each_other(claims: dict[str, Claim]) -> None:
    """In Tables S4 and S5 t is the estimate over its error, to the rounding of both, and tolerances are two errors."""
    found = 0
    for name, claim in claims.items():
        numbers = re.match(r"estimate (\S+), standard error (\S+), df (\S+), t (\S+), p ", claim.published)
        if numbers:
            estimate, error, degrees, t = (float(number) for number in numbers.groups())
            digits = 5e-5 if name.startswith("tableS4") else 5e-4
            assert abs(estimate / error - t) <= digits / error * (1 + abs(t)) + 5e-4, name
            assert 15 < degrees < 80, name
            first = claim.parts()[0].compare
            assert (first.target, first.tolerance) == (estimate, pytest.approx(2 * error)), name
            found += 1
    assert found == 47 + 5


def test_table_s5_holds_every_choice_of_predictors(claims: dict[str, Claim]) -> None:
    """Fifteen models, no two with the same effects, each with an intercept."""
    effects: dict[int, set[str]] = {}
    for name in claims:
        of = re.match(r"tableS5\.lmm(\d+)_(\w+)", name)
        if of:
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
