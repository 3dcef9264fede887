"""Every declared table by name, for those who meet tables by name: claims, the report, gathering.

Tables are declared in the modules called ``schemas`` of the library, wherever they are: this finds them, so that a new
one has only to be written. No digest of code holds them: a table that is declared anew is made anew by the rule that
declares it, and what reads it follows.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import deepcrit
from deepcrit.core.schema import Schema


def _declared() -> dict[str, tuple[str, Schema]]:
    root = Path(deepcrit.__file__).parent
    found: dict[str, tuple[str, Schema]] = {}
    for path in sorted(root.rglob("schemas.py")):
        module = ".".join(["deepcrit", *path.relative_to(root).with_suffix("").parts])
        for schema in vars(import_module(module)).values():
            if isinstance(schema, Schema) and found.setdefault(schema.name, (module, schema))[1] is not schema:
                raise ValueError(f"{path}: table {schema.name!r} is declared elsewhere, too")
    return found


_DECLARED = _declared()
SCHEMAS: dict[str, Schema] = {name: schema for name, (_, schema) in _DECLARED.items()}
DECLARED_IN: dict[str, str] = {name: module for name, (module, _) in _DECLARED.items()}
