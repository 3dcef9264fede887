"""The judge: a claim and our tables in, one row of the scoreboard out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from deepcrit.claims.comparisons import Arithmetic, Region
from deepcrit.claims.model import Absence, Cell, Claim, ClaimError, Lookup, Measure, Paper, Part, Protocol, Samples
from deepcrit.claims.wording import number, number_with_interval, whole

__all__ = ["Judgement", "Measured", "Verdict", "judge", "judge_paper", "measure", "measured_parts", "select", "weigh"]

Verdict = Literal["reproduced", "differs", "undecided", "not testable here", "ill-posed"]
Tables = Mapping[str, pd.DataFrame]
_MOST_TIMES = 100.0  # the sample at hand; beyond, our value is too near the edge to tell from what sample on it decides

# What parts of an all_of claim decide together: the first of these that any part has.
_PRECEDENCE: tuple[Verdict, ...] = ("differs", "not testable here", "undecided", "reproduced")


@dataclass(frozen=True)
class Measured:
    """Our value.

    ``low`` and ``high`` are NaN where a declared interval is absent, and equal the value where the table states none
    (``exact``).
    """

    value: float
    low: float
    high: float
    exact: bool
    samples: float
    unit: str
    would_decide: str = ""

    @property
    def text(self) -> str:
        return number(self.value, self.low, self.high)

    @property
    def text_with_interval(self) -> str:
        return self.text if self.exact else number_with_interval(self.value, self.low, self.high)


@dataclass(frozen=True)
class Judgement:
    """The verdict on one measure, and why."""

    verdict: Verdict
    reason: str
    measured: Measured | None = None


class _MissingRowError(Exception):
    """No row of the table is the one a claim is judged from; the message says which column fails."""


def judge_paper(paper: Paper, tables: Tables, scale: str) -> pd.DataFrame:
    """The scoreboard of a paper, one row per claim in the order of its file.

    Args:
        paper: the claims, see :func:`deepcrit.claims.model.load_claims`.
        tables: every table that the claims name, by ``experiment/schema``.
        scale: name of the configuration scale that made the tables.
    """
    return pd.DataFrame([judge(claim, tables, scale, paper.absences) for claim in paper.claims])


def judge(claim: Claim, tables: Tables, scale: str, absences: Mapping[str, Absence] | None = None) -> dict[str, object]:
    """One row of the scoreboard.

    Args:
        claim: what is judged.
        tables: every table that it names, by ``experiment/schema``.
        scale: name of the configuration scale that made the tables.
        absences: for some experiments, the table that says why rows of others are absent.

    Raises:
        ClaimError: if a table is not given, lacks a column, or has more than one row for a measure. A row that is
            absent is no error but the verdict ``not testable here``.
    """
    readings = {
        name: _judged(claim.id, parts, tables, scale, absences or {})
        for name, parts in claim.parts_by_reading().items()
    }
    verdict, reason = _under_all_readings(readings)
    judgements = [judgement for found in readings.values() for judgement in found.values()]
    labels = [", ".join(text for text in (name, label) if text) for name, found in readings.items() for label in found]
    measured = "; ".join(_labelled(labels, judgements, isinstance(claim.compare, Arithmetic)))
    if claim.protocol is not None and any(judgement.measured for judgement in judgements):
        verdict, reason = _as_published(claim.id, claim.protocol, tables, verdict, reason)
    if isinstance(claim.compare, Arithmetic):
        verdict, reason = _calculated(claim.compare)
        ours_text = f"; ours {measured}" if measured else ""
        measured = f"{claim.compare.value():.4f} from the printed numbers{ours_text}"
    if claim.ill_posed:
        verdict, reason = "ill-posed", claim.ill_posed
    only = judgements[0].measured if len(judgements) == 1 else None
    return {
        "claim": claim.id,
        "paper": claim.id.split(".")[0],
        "figure": claim.figure,
        "quantity": claim.quantity,
        "published": claim.published,
        "measured": measured,
        "value": only.value if only else math.nan,
        "ci_low": only.low if only and not only.exact else math.nan,
        "ci_high": only.high if only and not only.exact else math.nan,
        "evidence": claim.evidence or "",
        "repeats": claim.repeats,
        "verdict": verdict,
        "reason": ". ".join(text for text in (reason, claim.note) if text),
        "scale": scale,
        "samples": _sample_sizes([judgement.measured for judgement in judgements]),
    }


def measured_parts(claim: Claim, tables: Tables) -> dict[str, Measured]:
    """Our values behind a claim, by the name of reading and part; rows that are absent are left out.

    Raises:
        ClaimError: as in :func:`judge`.
    """
    found = {
        ", ".join(text for text in (reading, label) if text): judgement.measured
        for reading, parts in claim.parts_by_reading().items()
        for label, judgement in _judged(claim.id, parts, tables, "", {}).items()
    }
    return {label: measured for label, measured in found.items() if measured is not None}


def weigh(ours: Measured, region: Region, scale: str) -> Judgement:
    """Hold our whole interval against the region that reproduces a claim.

    Inside is ``reproduced``, outside ``differs``; an interval that straddles an edge, is absent, or has no end where
    the region has one, leaves the claim ``undecided``, and the reason says what would decide it.
    """
    interval = f"interval {number(ours.low, ours.low, ours.high)} to {number(ours.high, ours.low, ours.high)}"
    remedy = f"; deciding it takes {ours.would_decide}" if ours.would_decide else ""
    if math.isnan(ours.value):
        return Judgement("undecided", f"the table holds no value: the estimate did not succeed{remedy}", ours)
    if math.isnan(ours.low) or math.isnan(ours.high):
        return Judgement("undecided", f"our value has no interval{remedy}", ours)
    if (math.isinf(ours.low) or math.isinf(ours.high)) and not region.holds(ours.low, ours.high):
        return Judgement("undecided", f"our {_unbounded(ours)}{remedy}", ours)
    subject = "our value" if ours.exact else f"our {interval}"
    alone = "; its table states no interval, so that the value alone decides" if ours.exact else ""
    if region.holds(ours.low, ours.high):
        return Judgement("reproduced", f"{subject} {region.inside}{alone}", ours)
    if region.misses(ours.low, ours.high):
        return Judgement("differs", f"{subject} {region.outside}{alone}", ours)
    remedy = remedy or _sample_size_that_decides(ours, region, scale)
    return Judgement("undecided", f"{subject} {region.astride}{remedy}", ours)


def measure(claim: str, what: Measure, tables: Tables) -> Measured:
    """Look up our value, its interval and its sample size.

    Args:
        claim: identifier, for messages.
        what: a measure without lists, see :meth:`deepcrit.claims.model.Measure.expanded`.
        tables: by ``experiment/schema``.

    Raises:
        ClaimError: as in :func:`judge`.
    """
    row = _only_row(claim, what, tables)
    value = float(row[what.value])
    low, high = (float(row[name]) for name in what.ci) if what.ci else (value, value)
    samples, unit = math.nan, ""
    if isinstance(what.samples, Samples):
        elsewhere = what.samples.elsewhere()
        counted = _only_row(claim, elsewhere, tables) if elsewhere else row
        samples, unit = float(counted[what.samples.column]), what.samples.unit
    else:
        unit = what.samples
    return Measured(value, low, high, what.ci is None, samples, unit, what.would_decide)


def select(claim: str, what: Lookup, tables: Tables) -> pd.DataFrame:
    """All rows of a table that a lookup picks; lists in ``where`` pick several.

    Raises:
        ClaimError: naming the claim, if the table is not given or lacks a column.
    """
    if what.table not in tables:
        raise ClaimError(f"{claim}: table {what.table!r} is not among those given: {sorted(tables)}")
    table = tables[what.table]
    for name in what.columns():
        if name not in table.columns:
            raise ClaimError(f"{claim}: column {name!r} is missing from table {what.table!r}: {list(table.columns)}")
    chosen = np.ones(len(table), dtype=bool)
    for name, wanted in what.where.items():
        chosen &= _equal(table[name], wanted)
    return table[chosen]


def _only_row(claim: str, what: Lookup, tables: Tables) -> pd.Series:
    rows = select(claim, what, tables)
    if len(rows) > 1:
        raise ClaimError(f"{claim}: {len(rows)} rows of table {what.table!r} have {_filter(what)}, expected one")
    if rows.empty:
        raise _MissingRowError(_why_missing(what, tables[what.table]))
    return rows.iloc[0]


def _equal(values: pd.Series, wanted: Cell | list[Cell]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    options = wanted if isinstance(wanted, list) else [wanted]
    equal = np.zeros(len(values), dtype=bool)
    for option in options:
        if isinstance(option, float) and pd.api.types.is_numeric_dtype(values):
            equal |= np.isclose(values.to_numpy(dtype=float), option, rtol=1e-9, atol=0)
        else:
            equal |= (values == option).to_numpy(dtype=bool)
    return equal


def _filter(what: Lookup) -> str:
    return ", ".join(f"{name}={wanted}" for name, wanted in what.where.items()) or "no filter"


def _why_missing(what: Lookup, table: pd.DataFrame) -> str:
    """The first column of the filter that leaves no row, with the values that it does take."""
    left = table
    for name, wanted in what.where.items():
        rows = left[_equal(left[name], wanted)]
        if rows.empty:
            found = ", ".join(str(value) for value in left[name].drop_duplicates()[:12]) or "no rows"
            return f"no row of {what.table} has {_filter(what)} ({name} there: {found})"
        left = rows
    return f"{what.table} has no rows"


def _judged(
    claim: str, parts: Sequence[Part], tables: Tables, scale: str, absences: Mapping[str, Absence]
) -> dict[str, Judgement]:
    """The verdict on each part of one reading, by a label that tells it from the others."""
    found: dict[str, Judgement] = {}
    for part in parts:
        for label, single in part.measure.expanded():
            name = ", ".join(text for text in (part.name, label) if text)
            try:
                found[name] = weigh(measure(claim, single, tables), part.compare.region(), scale)
            except _MissingRowError as missing:
                absence = absences.get(single.table.split("/")[0])
                why = _told(claim, absence, tables) if absence else ""
                found[name] = Judgement(
                    "not testable here", f"{missing}; {why}" if why else f"{missing} at scale {scale}"
                )
    return found


def _told(claim: str, absence: Absence, tables: Tables) -> str:
    """Why rows of an experiment are absent: the commonest of the reasons that its table gives, or nothing."""
    reasons = select(claim, absence, tables)[absence.column].dropna().astype(str)
    given = reasons[reasons != ""].str.rsplit(": ", n=1).str[-1].value_counts()
    if given.empty:
        return ""
    commonest = f"{given.index[0]} ({given.iloc[0]})" if len(given) > 1 else given.index[0]
    return f"{given.sum()} of {len(reasons)} {absence.of}: {commonest}"


def _under_all_readings(readings: Mapping[str, Mapping[str, Judgement]]) -> tuple[Verdict, str]:
    """Verdict on a claim whose text admits several readings: that of them all if they agree, else ``undecided``."""
    judged = {name: _together(list(found), list(found.values())) for name, found in readings.items()}
    if len(judged) == 1:
        return next(iter(judged.values()))
    verdicts = {verdict for verdict, _ in judged.values()}
    told = ". ".join(f"Read as {name}, {verdict}: {reason}" for name, (verdict, reason) in judged.items())
    return (verdicts.pop() if len(verdicts) == 1 else "undecided"), told


def _as_published(claim: str, protocol: Protocol, tables: Tables, verdict: Verdict, reason: str) -> tuple[Verdict, str]:
    """The verdict where networks were trained as the claim has it, or why it cannot be given, with what was seen."""
    rows = select(claim, protocol, tables)
    found = sorted(set(rows[protocol.column].astype(str)))
    others = [name for name in found if name not in protocol.judged]
    run = f" ({'; '.join(sorted(set(rows[protocol.conditions].astype(str))))})" if protocol.conditions else ""
    if not others:
        told = "; ".join(protocol.judged[name] for name in found)
        return verdict, f"{reason}. {told}{run}"
    told = f"the claim holds of the published protocol, and this was {', '.join(others)}{run}"
    return "not testable here", f"{told}; seen all the same: {verdict}, {reason}"


def _together(labels: Sequence[str], judgements: Sequence[Judgement]) -> tuple[Verdict, str]:
    """Verdict on several parts, all of which must hold, with the reasons of the parts that decide it."""
    found = {judgement.verdict for judgement in judgements}
    verdict: Verdict = next((verdict for verdict in _PRECEDENCE if verdict in found), "not testable here")
    deciding = [(label, j) for label, j in zip(labels, judgements, strict=True) if j.verdict == verdict]
    if len(judgements) == 1:
        return verdict, judgements[0].reason
    reasons: dict[str, list[str]] = {}
    for label, judgement in deciding:
        reasons.setdefault(judgement.reason, []).append(label)
    everyone = len(deciding) == len(judgements)
    if everyone and len(reasons) == 1:
        return verdict, f"all {len(judgements)}: {judgements[0].reason}"
    told = ". ".join(f"{', '.join(named)}: {reason}" for reason, named in reasons.items())
    if not told:
        return verdict, ""
    return verdict, told if everyone else f"{len(deciding)} of {len(judgements)} {verdict}: {told}"


def _labelled(labels: Sequence[str], judgements: Sequence[Judgement], with_interval: bool) -> list[str]:
    """Our values; with intervals where the columns of the scoreboard do not hold the one there is."""
    with_interval = with_interval or len(judgements) > 1
    return [
        (f"{label}: " if label else "")
        + (judgement.measured.text_with_interval if with_interval else judgement.measured.text)
        for label, judgement in zip(labels, judgements, strict=True)
        if judgement.measured is not None
    ]


def _calculated(compare: Arithmetic) -> tuple[Verdict, str]:
    region = compare.region()
    value = compare.value()
    verdict: Verdict = "reproduced" if region.holds(value, value) else "differs"
    relation = region.inside if verdict == "reproduced" else region.outside
    told = f"arithmetic on printed numbers: {compare.expression} = {value:.4f} {relation}"
    return verdict, f"{told}; our own value takes no part in the verdict"


def _unbounded(ours: Measured) -> str:
    if math.isinf(ours.low) and math.isinf(ours.high):
        return "interval is unbounded on both sides"
    side, end, limit = ("above", "starts", ours.low) if math.isinf(ours.high) else ("below", "ends", ours.high)
    return f"interval is unbounded {side} ({end} at {number(limit, math.nan, math.nan)})"


def _sample_size_that_decides(ours: Measured, region: Region, scale: str) -> str:
    """How many samples would draw the interval off every edge it now covers, if it shrinks as 1/sqrt(n)."""
    factor = 0.0
    for edge in region.edges():
        if ours.low <= edge <= ours.high:
            half = abs((ours.high if edge >= ours.value else ours.low) - ours.value)
            distance = abs(edge - ours.value)
            factor = max(factor, (half / distance) ** 2 if distance > 0 else math.inf)
    if not math.isfinite(factor) or factor == 0.0:
        return "; our value sits on that edge, so that no sample size is sure to decide"
    if factor > _MOST_TIMES:
        return "; our value is too near that edge for its interval to tell what sample size would decide"
    factor = max(factor, 1.01)
    times = f"{factor:.1f}" if factor < 10 else whole(factor)
    if math.isnan(ours.samples):
        return f"; about {times} times the sample at scale {scale} would decide, if the interval shrinks as 1/sqrt(n)"
    wanted = whole(ours.samples * factor)
    return f"; about {wanted} {ours.unit}, {times} times those at scale {scale}, would decide"


def _sample_sizes(measured: Sequence[Measured | None]) -> str:
    """Sample sizes behind a verdict: one number, or their range, for each unit."""
    counts: dict[str, list[float]] = {}
    for ours in measured:
        if ours is not None and ours.unit:
            counts.setdefault(ours.unit, []).append(ours.samples)
    told = []
    for unit, numbers in counts.items():
        known = [count for count in numbers if not math.isnan(count)]
        if not known:
            told.append(unit)
        elif min(known) == max(known):
            told.append(f"{known[0]:.0f} {unit}")
        else:
            told.append(f"{min(known):.0f} to {max(known):.0f} {unit}")
    return "; ".join(told)
