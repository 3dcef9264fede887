"""Claims judged again under what a paper leaves open, from small tables made up here."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError
from workflow_scripts import ROOT

from deepcrit.claims.choices import judge_choices, under_option
from deepcrit.claims.model import Choice, Paper, load_claims
from deepcrit.claims.required_tables import tables_of
from deepcrit.claims.schemas import CHOICE_VERDICTS
from deepcrit.core.tables import check_table

TABLE = "correlation_graphs/transition"
CHOICE = {
    "name": "activation",
    "key": "sgd_runs.activation",
    "of": [{"table": TABLE, "where": {"sample": ["sizes", "terminal"]}}],
    "options": [
        {"name": "ReLU", "where": {"sample": "readings", "activation": "relu"}},
        {"name": "tanh", "where": {"sample": "readings", "activation": "tanh"}},
    ],
}


def measure(**where: object) -> dict[str, Any]:
    return {"table": TABLE, "where": {"sample": "sizes", "quantity": "norm", **where}, "value": "value"}


def claim(name: str, **keys: object) -> dict[str, Any]:
    common = dict.fromkeys(("figure", "quantity", "statement", "published", "source", "conditions"), "0")
    return {"id": f"liu2025.{name}", **common, "compare": {"kind": "sign", "sign": "positive"}, **keys}


def paper(*claims: dict[str, Any]) -> Paper:
    return Paper.model_validate({"paper": "liu2025", "title": "t", "choices": [CHOICE], "claims": list(claims)})


def transition(**values: tuple[float, float]) -> dict[str, pd.DataFrame]:
    """A row of the sample ``readings`` for every activation, and one of ``sizes`` that nothing here is judged from."""
    rows = [{"sample": "readings", "quantity": "norm", "activation": name, "value": sum(ends) / 2, "ci_low": ends[0],
             "ci_high": ends[1]} for name, ends in values.items()]  # fmt: skip
    rows.append({**rows[0], "sample": "sizes", "value": 9.0, "ci_low": 8.0, "ci_high": 10.0})
    return {TABLE: pd.DataFrame(rows)}


@pytest.mark.parametrize(
    ("tanh", "verdict", "changes"),
    [((0.5, 1.0), "reproduced", False), ((-2.0, -1.0), "differs", True), ((-1.0, 2.0), "undecided", True)],
)
def test_each_option_is_judged_on_its_own_rows(tanh: tuple[float, float], verdict: str, changes: bool) -> None:
    """By the one judge, and never on the row that the scoreboard is judged from; ours never changes."""
    found = judge_choices(paper(claim("a", measure=measure())), transition(relu=(1.0, 2.0), tanh=tanh), "default")
    check_table(found, CHOICE_VERDICTS)
    assert found["verdict"].tolist() == ["reproduced", verdict]
    assert found["changes"].tolist() == [False, changes]
    assert found["ours"].tolist() == [True, False]
    assert found["value"].tolist() == [1.5, sum(tanh) / 2]


def test_a_choice_bears_on_claims_all_of_whose_rows_it_names() -> None:
    """Not where a part, or a reading, is of another sample, nor where nothing is measured or can be judged."""
    part = {"name": "one", "measure": measure(), "compare": {"kind": "sign", "sign": "positive"}}
    other = {**part, "name": "two", "measure": measure(sample="batches")}
    several = {"compare": None, "all_of": [part, {**part, "name": "two", "measure": measure(sample="terminal")}]}
    claims = [
        claim("one", measure=measure()),
        claim("several", **several),
        claim("mixed", **{**several, "all_of": [part, other]}),
        claim("read", compare=None, readings=[{"name": "x", "all_of": [part]}, {"name": "y", "all_of": [other]}]),
        claim("impossible", measure=measure(), ill_posed="it contradicts itself"),
    ]
    found = judge_choices(paper(*claims), transition(relu=(1.0, 2.0), tanh=(1.0, 2.0)), "default")
    assert found["claim"].unique().tolist() == ["liu2025.one", "liu2025.several"]


def test_readings_of_a_claim_are_kept_under_an_option() -> None:
    """Every measure takes the option's rows and keeps what else it says."""
    read = claim("read", readings=[{"name": "x", "measure": measure(statistic="rise")},
                                   {"name": "y", "measure": measure(statistic="fall")}])  # fmt: skip
    (only,), choice = paper(read).claims, Choice.model_validate(CHOICE)
    chosen = under_option(only, choice, choice.options[1])
    assert chosen is not None
    assert [part.measure.where for part in chosen.parts()] == [
        {"sample": "readings", "quantity": "norm", "statistic": statistic, "activation": "tanh"}
        for statistic in ("rise", "fall")
    ]


def test_an_option_names_columns_of_the_table() -> None:
    """A misspelt column is refused where the claims are read."""
    wrong = {**CHOICE, "options": [CHOICE["options"][0], {"name": "tanh", "where": {"activatoin": "tanh"}}]}  # type: ignore[index]
    with pytest.raises(ValidationError, match="column 'activatoin' is not part of table"):
        Choice.model_validate(wrong)


def test_choices_of_liu2025_bear_on_claims() -> None:
    """The five that matter most and the labels: each on five claims or more, ours first; their tables are known."""
    found = load_claims(ROOT / "claims" / "liu2025.yaml")
    borne = {
        choice.name: sum(under_option(one, choice, choice.options[0]) is not None for one in found.claims)
        for choice in found.choices
    }
    assert set(borne) == {"activation", "initialisation", "learning rate", "sign of C", "norm of C", "labels"}
    assert min(borne.values()) >= 5
    assert tables_of(ROOT / "claims" / "liu2025.yaml", "choices") == [
        "correlation_graphs/size_slopes", "correlation_graphs/transition"
    ]  # fmt: skip
