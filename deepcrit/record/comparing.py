"""Two outcomes beside each other: verdicts that changed, and values that moved beyond their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from deepcrit.claims.evidence import tables_used
from deepcrit.claims.judging import Measured, measured_parts
from deepcrit.claims.model import Claim, ClaimError
from deepcrit.core.tables import TableError
from deepcrit.record.outcome import Outcome

__all__ = ["Changed", "Compared", "Moved", "compare_outcomes"]

REPRODUCED, ABSENT = "reproduced", "not judged"


class Changed(NamedTuple):
    """A verdict that is another, and why it is."""

    claim: str
    before: str
    after: str
    reason: str


class Moved(NamedTuple):
    """A value, one of those that a claim is judged by, of which the two intervals share nothing."""

    claim: str
    label: str
    before: str
    after: str


@dataclass
class Compared:
    """What is different between two outcomes.

    Attributes:
        before: name of the one that is compared with.
        after: name of the other.
        verdicts: of each claim in the order of the files, before and after.
        changed: those that are not the same.
        moved: values.
        unread: why values of some claims could not be compared, each reason once.
    """

    before: str
    after: str
    verdicts: dict[str, tuple[str, str]] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)

    @property
    def lost(self) -> list[Changed]:
        """Claims that were reproduced and no longer are."""
        return [change for change in self.changed if change.before == REPRODUCED]

    @property
    def text(self) -> str:
        """All of it in lines."""
        same = len(self.verdicts) - len(self.changed)
        lines = [
            f"{self.before} against {self.after}: {same} of {len(self.verdicts)} verdicts are the same, "
            f"{len(self.changed)} are not, {len(self.lost)} reproduced ones are lost"
        ]
        if self.changed:
            lines += ["", "verdicts that changed:"]
        for change in self.changed:
            mark = "!" if change in self.lost else " "
            lines += [f"{mark} {change.claim}: {change.before} -> {change.after}", f"      {change.reason}"]
        if self.moved:
            lines += ["", "values that moved beyond their intervals:"]
        for move in self.moved:
            label = f" ({move.label})" if move.label else ""
            lines.append(f"  {move.claim}{label}: {move.before} -> {move.after}")
        if self.unread:
            lines += ["", "values that could not be compared:", *(f"  {reason}" for reason in self.unread)]
        return "\n".join(lines)


def compare_outcomes(before: Outcome, after: Outcome, claims: Sequence[Claim]) -> Compared:
    """Hold one outcome against another: verdicts as they were given, values as the claims measure them now.

    Args:
        before: what is compared with.
        after: the other.
        claims: of all files; claims that both outcomes lack do not enter.
    """
    found = Compared(before.name, after.name)
    known = {claim.id: claim for claim in claims}
    for name in dict.fromkeys([*known, *before.verdicts, *after.verdicts]):
        if name not in before.verdicts and name not in after.verdicts:
            continue
        verdicts = tuple(
            str(one.verdicts[name]["verdict"]) if name in one.verdicts else ABSENT for one in (before, after)
        )
        found.verdicts[name] = (verdicts[0], verdicts[1])
        if verdicts[0] != verdicts[1]:
            reason = str((after if name in after.verdicts else before).verdicts[name]["reason"])
            found.changed.append(Changed(name, verdicts[0], verdicts[1], reason))
        if name in known and name in before.verdicts and name in after.verdicts:
            values = [_values(one, known[name], found.unread) for one in (before, after)]
            found.moved += [
                Moved(name, label, values[0][label].text_with_interval, values[1][label].text_with_interval)
                for label in values[0]
                if label in values[1] and apart(values[0][label], values[1][label])
            ]
    return found


def apart(one: Measured, other: Measured) -> bool:
    """Whether two values have intervals that share nothing; what states none is its own, to rounding."""
    if any(math.isnan(end) for value in (one, other) for end in (value.value, value.low, value.high)):
        return False
    rounding = 1e-9 * max(abs(one.value), abs(other.value))
    return one.high + rounding < other.low or other.high + rounding < one.low


def _values(outcome: Outcome, claim: Claim, unread: dict[str, None]) -> dict[str, Measured]:
    """Values that a claim is judged by, by their labels, as far as its tables hold them."""
    try:
        return measured_parts(claim, outcome.tables_of(claim.id, tables_used(claim)))
    except (ClaimError, TableError) as error:
        unread[str(error)] = None
        return {}
