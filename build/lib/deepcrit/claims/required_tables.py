"""Which tables the claims of a paper are judged from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from deepcrit.claims.reading import content_of


def tables_of(path: str | Path) -> list[str]:
    """Tables named anywhere in a claims file, sorted, each as ``experiment/schema``.

    Nothing else about the file is checked; :func:`deepcrit.claims.model.load_claims` does that.
    """
    return sorted(set(_tables(content_of(path))))


def _tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("table"), str):
            yield node["table"]
        for child in node.values():
            yield from _tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _tables(child)
