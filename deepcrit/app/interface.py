"""The page on what `import deepcrit` offers, made from its stub and from the docstrings of what that names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple, get_args

import deepcrit
from deepcrit.core.digest import ROOT

_PAGE = ROOT / "docs" / "api.md"
STUB = ROOT / "deepcrit" / "__init__.pyi"
_HEADER = """# Python interface

What `import deepcrit` offers, made from `deepcrit/__init__.pyi` and docstrings by `make docs`; do not edit. `make site`
makes of this page one with all signatures and arguments. Names are imported when they are first used; only
diagnoses and Lyapunov exponents need torch. Each example runs as it stands, in a test.

Whole numbers and real values are given alike: `values`, one entry a point, then the range. Where values repeat,
distinct ones go with `counts=`. Networks may return a tensor, or a tuple, mapping or dataclass with one.
"""


class Shown(NamedTuple):
    """A function or class of the interface: its name behind `deepcrit.`, and itself."""

    name: str
    definition: Any

    @property
    def path(self) -> str:
        """Where it is defined, dotted."""
        return f"{self.definition.__module__}.{self.definition.__qualname__}"

    @property
    def summary(self) -> str:
        """First sentence of its docstring."""
        return (inspect.getdoc(self.definition) or "").split("\n")[0]


def groups() -> dict[str, list[Shown]]:
    """What is public, by the comments of the stub; of a module, its functions."""
    found: dict[str, list[Shown]] = {}
    heading = ""
    for line in STUB.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            heading = line.removeprefix("# ")
        elif name := re.search(r"^from .* import \w+ as (\w+)$", line):
            found.setdefault(heading, []).extend(_shown(name[1]))
    return found


def _shown(name: str) -> Iterator[Shown]:
    definition = getattr(deepcrit, name)
    if not isinstance(definition, ModuleType):
        yield Shown(name, definition)
        return
    for inner in definition.__all__:
        if inspect.isfunction(function := getattr(definition, inner)):
            yield Shown(f"{name}.{inner}", function)


def _returned(annotation: Any) -> Iterator[type]:
    """Classes of the library in an annotation."""
    if inspect.isclass(annotation) and annotation.__module__.startswith("deepcrit."):
        yield annotation
    for part in get_args(annotation):
        yield from _returned(part)


def interface_page() -> str:
    """The page: of each group a table, then what the site makes of docstrings, results last."""
    parts, told = [_HEADER], set()
    for heading, shown in groups().items():
        rows = "".join(f"| `deepcrit.{one.name}` | {one.summary} |\n" for one in shown)
        parts.append(f"\n## {heading}\n\n| name | what it is |\n|---|---|\n{rows}")
        results: dict[str, Shown] = {}
        for one in shown:
            parts.append(_directive(one))
            told.add(one.path)
            if inspect.isfunction(one.definition):
                for result in _returned(inspect.get_annotations(one.definition, eval_str=True)["return"]):
                    results.setdefault(result.__qualname__, Shown(result.__name__, result))
        parts.extend(_directive(result) for result in results.values() if result.path not in told)
        told |= {result.path for result in results.values()}
    return "".join(parts)


def _directive(shown: Shown) -> str:
    return f"\n::: {shown.path}\n    options: {{heading: {shown.name}, toc_label: {shown.name}}}\n"


if __name__ == "__main__":
    _PAGE.write_text(interface_page(), encoding="utf-8")
