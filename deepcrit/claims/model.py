"""The claims file of a paper: strict, so that a misspelt key or column stops before anything is judged."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from deepcrit.claims.comparisons import Absolute, Arithmetic, Comparison, Interval
from deepcrit.claims.reading import content_of
from deepcrit.claims.totals import Evidence
from deepcrit.core.registry import SCHEMAS

__all__ = [
    "Absence", "Choice", "Claim", "ClaimError", "Lookup", "Measure", "Option", "Paper", "Part", "Protocol",
    "Reading", "Samples", "load_claims",
]  # fmt: skip

Cell = StrictBool | StrictInt | StrictFloat | StrictStr
Text = Annotated[str, Field(min_length=1)]


class ClaimError(ValueError):
    """A claim that cannot be judged as it is written; the message names the claim and the key or table."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _declared(table: str) -> str:
    experiment, _, schema = table.partition("/")
    if not experiment or schema not in SCHEMAS:
        nearest = difflib.get_close_matches(schema or experiment, SCHEMAS, n=1)
        hint = f"; nearest schema {nearest[0]!r}" if nearest else ""
        raise ValueError(f"expected experiment/schema with a declared schema, found {table!r}{hint}")
    return table


TableName = Annotated[str, AfterValidator(_declared)]
Where = dict[str, Cell | list[Cell]]


class Lookup(_Strict):
    """Rows of a table, experiment/schema: those with these values in these columns."""

    table: TableName
    where: Where = Field(default_factory=dict)

    def columns(self) -> list[str]:
        """Columns that the lookup needs."""
        return list(self.where)

    @model_validator(mode="after")
    def _has_columns(self) -> Self:
        declared = [column.name for column in SCHEMAS[self.table.split("/")[-1]].columns]
        for name in self.columns():
            if name not in declared:
                raise ValueError(f"column {name!r} is not part of table {self.table!r}, which has {declared}")
        return self


class _Count(Lookup):
    """The row in which samples are counted."""

    column: str

    def columns(self) -> list[str]:
        return [*self.where, self.column]


class Samples(_Strict):
    """Where the sample size is counted: ``column`` of the measured row, or of a row of another ``table``."""

    column: str
    unit: str
    table: TableName | None = None
    where: Where = Field(default_factory=dict)

    def elsewhere(self) -> _Count | None:
        """The row of another table that holds the count, if the measured row does not."""
        return _Count(table=self.table, where=self.where, column=self.column) if self.table else None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.elsewhere() is None and self.where:
            raise ValueError("where: needs a table; without one the measured row is meant")
        return self


class Measure(Lookup):
    """Where our value is: a column of one row, its interval, and how many samples are behind it.

    A list in ``where`` stands for one row per entry. ``ci`` is null where the table states no interval; the value
    alone decides then. ``would_decide`` replaces the estimate of the sample size that would decide, for an interval
    that more samples do not narrow.
    """

    value: str
    ci: tuple[str, str] | None = ("ci_low", "ci_high")
    samples: Samples | Text = ""
    would_decide: str = ""

    def columns(self) -> list[str]:
        counted = [self.samples.column] if isinstance(self.samples, Samples) and not self.samples.table else []
        return [*self.where, self.value, *(self.ci or ()), *counted]

    def expanded(self) -> list[tuple[str, Measure]]:
        """One measure per combination of the lists in ``where``, with a label such as ``width 25``."""
        lists = {column: value for column, value in self.where.items() if isinstance(value, list)}
        expanded = []
        for chosen in itertools.product(*lists.values()):
            single = dict(zip(lists, chosen, strict=True))
            label = ", ".join(f"{column} {value}" for column, value in single.items())
            expanded.append((label, self.model_copy(update={"where": {**self.where, **single}})))
        return expanded


class Part(_Strict):
    """One of several comparisons that must all hold; ``wrong`` is what a result against the claim would be."""

    name: str
    measure: Measure
    compare: Comparison
    wrong: float | None = None

    @model_validator(mode="after")
    def _fails_on_what_is_wrong(self) -> Self:
        if self.wrong is not None and not self.compare.region().misses(self.wrong, self.wrong):
            raise ValueError(f"wrong: {self.wrong:g} passes, expected a value that is not {self.compare.region().text}")
        return self


class Reading(_Strict):
    """One of the ways in which the text may be understood, measured on its own: by ``measure``, or by ``all_of``."""

    name: Text
    measure: Measure | None = None
    all_of: list[Part] = Field(default_factory=list)

    @model_validator(mode="after")
    def _is_measured_one_way(self) -> Self:
        if (self.measure is None) == (not self.all_of):
            raise ValueError("expected either measure or all_of")
        return self


class Protocol(Lookup):
    """What networks were trained by, for a claim that holds of that protocol alone.

    The claim is judged where ``column`` of every row has one of the values in ``judged``, each with the reason why it
    counts: the published protocol, and others that were declared equivalent to it before anything was seen. The column
    ``conditions`` says what was run, and is told with the verdict.
    """

    column: str
    judged: dict[str, Text]
    conditions: str = ""

    def columns(self) -> list[str]:
        return [*self.where, self.column, *([self.conditions] if self.conditions else [])]


class Absence(Lookup):
    """The table that says why rows of an experiment's tables are absent.

    ``column`` holds reasons, each after the last colon of a longer message, and nothing where all is well; ``of`` says
    what its rows are, after "3 of 5".
    """

    column: str
    of: Text

    def columns(self) -> list[str]:
        return [*self.where, self.column]


class Claim(_Strict):
    """A published claim: what is printed where, and how ours is measured and compared.

    It is judged by ``measure`` and ``compare``, by ``all_of``, every part of which must hold, or by ``readings`` where
    the text admits several, unless ``ill_posed`` says why it cannot be judged at all. ``quote`` is the sentence that is
    judged, in the paper's words; ``repeats`` names the claim whose number this one states again; ``wrong`` is a value
    that a result against the claim would have.
    """

    id: str
    figure: Text
    quantity: Text
    statement: Text
    published: Text
    quote: str = ""
    source: Text
    conditions: Text
    evidence: Evidence | None = None
    repeats: str = ""
    protocol: Protocol | None = None
    measure: Measure | None = None
    compare: Comparison | None = None
    wrong: float | None = None
    all_of: list[Part] = Field(default_factory=list)
    readings: list[Reading] = Field(default_factory=list)
    ill_posed: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _is_judged_one_way(self) -> Self:
        if self.readings:
            if self.measure is not None or self.all_of or len(self.readings) < 2:
                raise ValueError("readings: expected two or more, in place of measure and all_of")
            if self.compare is None and any(reading.measure for reading in self.readings):
                raise ValueError("compare: missing, needed by readings with a measure")
        elif self.all_of:
            if self.measure is not None or self.compare is not None:
                raise ValueError("all_of: replaces measure and compare, found both")
        elif self.compare is None:
            if not self.ill_posed:
                raise ValueError("compare: missing (expected measure and compare, all_of, readings or ill_posed)")
        elif self.measure is None and not isinstance(self.compare, Arithmetic):
            raise ValueError(f"measure: missing, needed by the comparison {self.compare.kind!r}")
        return self

    @model_validator(mode="after")
    def _has_distinct_names(self) -> Self:
        for names in (
            [reading.name for reading in self.readings],
            *([p.name for p in ps] for ps in self.parts_by_reading().values()),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"name: expected each once, found {names}")
        return self

    @model_validator(mode="after")
    def _compares_with_what_is_printed(self) -> Self:
        printed = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", self.published)]
        if isinstance(self.compare, Absolute | Interval) and self.compare.target not in printed:
            raise ValueError(f"compare.target: {self.compare.target:g} is not printed in {self.published!r}")
        return self

    def parts_by_reading(self) -> dict[str, list[Part]]:
        """What has to hold under each reading, the name of a claim's only one being empty."""
        if self.readings:
            return {reading.name: reading.all_of or self._only(reading.measure) for reading in self.readings}
        return {"": self.all_of or self._only(self.measure)}

    def parts(self) -> list[Part]:
        """What is looked up and compared, under any reading; empty where nothing is."""
        return [part for parts in self.parts_by_reading().values() for part in parts]

    def _only(self, measure: Measure | None) -> list[Part]:
        if measure is None or self.compare is None:
            return []
        return [Part(name="", measure=measure, compare=self.compare, wrong=self.wrong)]


class Option(_Strict):
    """One way to choose: what then stands in ``where`` of a measure, in place of what a claim has there."""

    name: Text
    where: Where = Field(default_factory=dict)


class Choice(_Strict):
    """Something that the paper leaves open, which moves verdicts.

    It bears on the claims all of whose measures are taken from ``of``: from one of these tables, with a value in
    ``where`` that is listed. The first of the ``options`` is ours; ``key`` of the configuration holds it, if one does.
    """

    name: Text
    key: str = ""
    of: Annotated[list[Lookup], Field(min_length=1)]
    options: Annotated[list[Option], Field(min_length=2)]

    @model_validator(mode="after")
    def _replaces_columns_that_are_there(self) -> Self:
        for of, option in itertools.product(self.of, self.options):
            Lookup(table=of.table, where=option.where)
        return self


class Paper(_Strict):
    """A claims file."""

    paper: Text
    title: Text
    absences: dict[Text, Absence] = Field(default_factory=dict)
    choices: list[Choice] = Field(default_factory=list)
    claims: list[Claim]

    @model_validator(mode="after")
    def _has_distinct_ids(self) -> Self:
        seen: set[str] = set()
        for claim in self.claims:
            if not claim.id.startswith(f"{self.paper}."):
                raise ValueError(f"{claim.id}: id: expected to begin with {self.paper + '.'!r}")
            if claim.id in seen:
                raise ValueError(f"{claim.id}: id: occurs twice")
            seen.add(claim.id)
        for claim in self.claims:
            if claim.repeats and (claim.repeats not in seen or claim.repeats == claim.id):
                raise ValueError(f"{claim.id}: repeats: expected another claim of this file, found {claim.repeats!r}")
        return self


def load_claims(path: str | Path) -> Paper:
    """Read and check a claims file.

    Raises:
        ClaimError: naming the file, the claim and the key, one line for each mistake.
    """
    try:
        content = content_of(path)
    except yaml.YAMLError as error:
        raise ClaimError(f"{path}: not YAML: {error}") from error
    try:
        return Paper.model_validate(content)
    except ValidationError as error:
        mistakes = [_mistake(dict(details), content) for details in error.errors(include_url=False)]
        raise ClaimError("\n".join(f"{path}: {mistake}" for mistake in dict.fromkeys(mistakes))) from None


def _mistake(details: Mapping[str, Any], content: object) -> str:
    """One validation error in words: claim, key, what is wrong."""
    location = list(details["loc"])
    where = ""
    if len(location) > 1 and location[0] == "claims" and isinstance(content, dict):
        entry = content["claims"][location[1]]
        where = entry.get("id", f"claim number {location[1] + 1}") if isinstance(entry, dict) else str(entry)
        location = location[2:]
    keys = [
        str(part)
        for before, part in zip([None, *location], location, strict=False)
        if not (_KIND if before == "compare" else _MEMBER).fullmatch(str(part))
    ]
    wrong = {"extra_forbidden": "unknown key", "missing": "missing"}.get(
        details["type"], str(details["msg"]).removeprefix("Value error, ")
    )
    return ": ".join(part for part in (where, ".".join(keys), wrong) if part)


# What pydantic adds to a location for the member of a union that it tried: no key of the file.
_KIND = re.compile(r"absolute|relative|interval|at_least|at_most|sign|arithmetic")
_MEMBER = re.compile(r"[A-Z]\w*|list\[.*|bool|int|float|str|constrained-str|function-.*")
