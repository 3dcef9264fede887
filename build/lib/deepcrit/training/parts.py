"""How many of so many are taken at a time."""

from __future__ import annotations


def even_parts(count: int, most: int) -> list[int]:
    """Sizes of the fewest parts of at most ``most``, as equal as can be, larger ones first."""
    parts = -(-count // most)
    return [count // parts + (part < count % parts) for part in range(parts)]
