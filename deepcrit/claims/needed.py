"""Which tables the claims of a paper are judged from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml


def tables_of(path: str | Path) -> list[str]:
    """Tables named anywhere in a claims file, sorted, each as ``experiment/schema``.

    Nothing else about the file is checked; :func:`deepcrit.claims.model.load_claims` does that.
    """
    with Path(path).open(encoding="utf-8") as stream:
        return sorted(set(_tables(yaml.safe_load(stream))))


def _tables(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("table"), str):
            yield node["table"]
        for child in node.values():
            yield from _tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _tables(child)
