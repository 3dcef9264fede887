"""Which tables the claims of a paper are judged from, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from deepcrit.claims.reading import content_of


def tables_of(path: str | Path, section: str | None = None) -> list[str]:
    """Tables named anywhere in a claims file or a section of it, sorted, each as ``experiment/schema``.

    Nothing else about the file is checked; :func:`deepcrit.claims.model.load_claims` does that.
    """
    content = content_of(path)
    return sorted(set(_tables(content if section is None else content[section])))


def _tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("table"), str):
            yield node["table"]
        for child in node.values():
            yield from _tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _tables(child)
