"""Verdicts counted by what our values are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args

__all__ = ["Evidence", "by_evidence", "in_words"]

# what our value is, from the strongest to the weakest
Evidence = Literal["simulated", "trained", "theory", "fitted to metadata", "looked up", "arithmetic"]
_ORDER = ("reproduced", "differs", "undecided", "not testable here", "ill-posed")
_Row = TypeVar("_Row", bound=Mapping[Any, Any])


def by_evidence(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    """Rows of a scoreboard by what ours is, without those that state the number of another again.

    Returns:
        The kinds of evidence that occur, from the strongest to the weakest; each number is in one of them, once,
        however often the papers print it.
    """
    once = [row for row in rows if not row["repeats"]]
    found = {kind: [row for row in once if row["evidence"] == kind] for kind in get_args(Evidence)}
    return {kind: own for kind, own in found.items() if own}


def in_words(rows: Sequence[Mapping[Any, Any]]) -> str:
    """How many rows of a scoreboard have which verdict."""
    counts = Counter(str(row["verdict"]) for row in rows)
    order = [*_ORDER, *sorted(set(counts) - set(_ORDER))]
    return ", ".join(f"{counts[name]} {name}" for name in order if counts[name])
