"""What verdicts hang on what a paper does not say: claims judged again, under one choice after another."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from deepcrit.claims.judging import judge
from deepcrit.claims.model import Choice, Claim, Measure, Option, Paper, Part

__all__ = ["judge_choices", "under_option"]

_TOLD = ("claim", "figure", "quantity", "verdict", "measured", "value", "ci_low", "ci_high", "samples")


def judge_choices(paper: Paper, tables: Mapping[str, pd.DataFrame], scale: str) -> pd.DataFrame:
    """Verdicts under every option of every choice, of the claims that it bears on; schema ``choice_verdicts``.

    Args:
        paper: the claims and choices, see :func:`deepcrit.claims.model.load_claims`.
        tables: every table that a choice names, by ``experiment/schema``.
        scale: name of the configuration scale that made the tables.

    Raises:
        ClaimError: as in :func:`deepcrit.claims.judging.judge`.
    """
    rows: list[dict[str, object]] = []
    for choice in paper.choices:
        for claim in paper.claims:
            verdicts = []
            for number, option in enumerate(choice.options):
                if (chosen := under_option(claim, choice, option)) is None:
                    continue
                found = judge(chosen, tables, scale, paper.absences)
                verdicts.append(found["verdict"])
                named = {"choice": choice.name, "key": choice.key, "option": option.name, "ours": number == 0}
                told = {name: found[name] for name in _TOLD}
                rows.append(named | told | {"changes": found["verdict"] != verdicts[0]})
    return pd.DataFrame(rows)


def under_option(claim: Claim, choice: Choice, option: Option) -> Claim | None:
    """The claim as it is judged under an option; None if it is judged from rows that the choice does not bear on."""
    if claim.ill_posed or not claim.parts() or not all(_bears_on(choice, part.measure) for part in claim.parts()):
        return None

    def measured(what: Measure) -> Measure:
        return what.model_copy(update={"where": {**what.where, **option.where}})

    def chosen(parts: list[Part]) -> list[Part]:
        return [part.model_copy(update={"measure": measured(part.measure)}) for part in parts]

    readings = [
        reading.model_copy(
            update={"measure": reading.measure and measured(reading.measure), "all_of": chosen(reading.all_of)}
        )
        for reading in claim.readings
    ]
    return claim.model_copy(
        update={
            "measure": claim.measure and measured(claim.measure),
            "all_of": chosen(claim.all_of),
            "readings": readings,
        }
    )


def _bears_on(choice: Choice, what: Measure) -> bool:
    """Whether a choice bears on the rows that a measure is taken from."""
    return any(
        what.table == of.table
        and all(what.where.get(column) in (cells if isinstance(cells, list) else [cells])
                for column, cells in of.where.items())
        for of in choice.of
    )  # fmt: skip
