"""Published values as numbers, for figures that overlay them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from deepcrit.claims.model import load_claims


class Published(NamedTuple):
    """A published value and the error or tolerance it is held to."""

    value: float
    spread: float


def published_values(path: str | Path) -> dict[str, Published]:
    """Every claim of a paper that is held to a number, by identifier; parts of a claim as ``identifier/part``.

    All readings of a claim are held to the same numbers.
    """
    found = {}
    for claim in load_claims(path).claims:
        named = [part for parts in claim.parts_by_reading().values() for part in parts if part.name]
        for key, comparison in [(claim.id, claim.compare), *((f"{claim.id}/{p.name}", p.compare) for p in named)]:
            target = getattr(comparison, "target", None)
            if isinstance(target, float):
                spread = getattr(comparison, "error", getattr(comparison, "tolerance", 0.0))
                found[key] = Published(target, float(spread))
    return found
