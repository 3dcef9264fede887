"""Which definitions of the library a file uses, found from syntax trees, nothing being imported.

A name is followed to the statement that defines it: through the import that brings it, through packages that only
re-export it, and on to the names which that statement uses. What else stands in a module, and where the module stands,
plays no part.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_GIVEN = {"__file__", "__name__", "__path__"}  # of every module, by Python
_DOCUMENTED = ast.Module | ast.ClassDef | _FUNCTION


class Definition(NamedTuple):
    """A statement at the top of a file, by its place among them."""

    file: Path
    place: int


class SourceFile:
    """One file of Python: its statements, without what changes no result, and what its names mean."""

    def __init__(self, file: Path, package: list[str]) -> None:
        self.file = file
        self._package = package
        self._tree = _stripped(ast.parse(file.read_text(encoding="utf-8"), filename=str(file)))
        self.statements = [node for node in self._tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """Module, and name in it or nothing, that each imported name stands for, wherever in the file it is."""
        found: dict[str, tuple[str, str]] = {}
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.split(".")[0]
                    found[alias.asname or top] = (alias.name if alias.asname else top, "")
            elif isinstance(node, ast.ImportFrom):
                found.update({alias.asname or alias.name: (self.origin(node), alias.name) for alias in node.names})
        return found

    @cached_property
    def imported(self) -> set[str]:
        """Everything that running the file imports, as dotted names of modules or of names in them."""
        nodes = list(ast.walk(self._tree))
        plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        return plain.union(
            f"{self.origin(node)}.{alias.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        )

    @cached_property
    def bound(self) -> dict[str, list[int]]:
        """The statements that give each name its meaning."""
        found: dict[str, list[int]] = {}
        for place, node in enumerate(self.statements):
            for name in _bound_by(node):
                found.setdefault(name, []).append(place)
        return found

    @cached_property
    def effects(self) -> list[int]:
        """Statements that do something when the file is imported, besides giving names to definitions."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
        return [place for place, node in enumerate(self.statements) if not isinstance(node, kinds)]

    def text(self, place: int) -> str:
        """A statement in a form that comments, layout, docstrings, imports and annotations leave as it is."""
        statement = self.statements[place]
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(statement)):
            # a copy, since what is imported within a statement is asked for elsewhere
            statement = _Imports().visit(deepcopy(statement))
        return ast.dump(statement)

    def names(self, place: int) -> set[str]:
        """Dotted names that a statement spells."""
        return set(_names(self.statements[place]))

    def origin(self, node: ast.ImportFrom) -> str:
        """The module that an import is from, dotted from the top."""
        above = self._package[: len(self._package) - node.level + 1] if node.level else []
        return ".".join([*above, *([node.module] if node.module else [])])


class Library:
    """A package in a directory, and the files beside it that use it."""

    def __init__(self, root: Path, package: str) -> None:
        self._root = root
        self._package = package
        self._sources: dict[Path, SourceFile] = {}
        self._files: dict[tuple[str, ...], Path | None] = {}
        self._uses: dict[Definition, dict[str, frozenset[Definition]]] = {}

    def source(self, file: Path) -> SourceFile:
        """A file, parsed once.

        Raises:
            FileNotFoundError: if there is none.
        """
        if file not in self._sources:
            self._sources[file] = SourceFile(file, list(file.relative_to(self._root).parent.parts))
        return self._sources[file]

    def uses(self, definition: Definition) -> dict[str, frozenset[Definition]]:
        """What the names in a statement stand for, as far as the package defines it."""
        if definition not in self._uses:
            source = self.source(definition.file)
            found = {name: frozenset(self._meaning(source, name)) for name in source.names(definition.place)}
            self._uses[definition] = {name: meant for name, meant in found.items() if meant}
        return self._uses[definition]

    def reached(self, file: Path, name: str | None = None) -> set[Definition]:
        """All statements of a file, or those that define a name, and all of the package that they use, directly or not.

        Raises:
            KeyError: if the file does not define the name.
        """
        seen: set[Definition] = set()
        source = self.source(file)
        waiting = [Definition(file, place) for place in source.bound[name]] if name else list(self._whole(source))
        while waiting:
            definition = waiting.pop()
            if definition not in seen:
                seen.add(definition)
                waiting.extend(used for meant in self.uses(definition).values() for used in meant)
                waiting.extend(Definition(definition.file, place) for place in self.source(definition.file).effects)
        return seen

    def executed(self, file: Path) -> set[Path]:
        """Files of the package that are executed when a file is, whether it uses them or not."""
        seen: set[Path] = set()
        waiting = [file]
        while waiting:
            for name in self.source(waiting.pop()).imported:
                new = set(self.files_behind(name.split("."))) - seen
                seen |= new
                waiting.extend(new)
        return seen

    def files_behind(self, parts: list[str]) -> Iterator[Path]:
        """Files that are executed when a dotted name is imported: the packages above, and the module."""
        if parts[0] == self._package:
            files = (self._file(parts[:length]) for length in range(1, len(parts) + 1))
            yield from (file for file in files if file is not None)

    def _whole(self, source: SourceFile) -> Iterator[Definition]:
        return (Definition(source.file, place) for place in range(len(source.statements)))

    def _meaning(self, source: SourceFile, name: str) -> Iterator[Definition]:
        first, *rest = name.split(".")
        for place in source.bound.get(first, ()):
            yield Definition(source.file, place)
        if first in source.imports:
            module, imported = source.imports[first]
            yield from self._within(module.split("."), [imported, *rest] if imported else rest)

    def _within(self, module: list[str], names: list[str]) -> Iterator[Definition]:
        """Definitions behind a dotted name in a module, which stands for all that is in it when there is no name."""
        for file in self.files_behind(module):
            yield from (Definition(file, place) for place in self.source(file).effects)
        file_of_module = self._file(module)
        if module[0] != self._package or file_of_module is None:
            return
        if names and names[0] in _GIVEN:
            return
        source = self.source(file_of_module)
        is_below = bool(names) and self._file([*module, names[0]]) is not None
        imported = bool(names) and source.imports.get(names[0], (".".join(module), names[0]))
        if names and (names[0] in source.bound or imported != (".".join(module), names[0])):
            yield from self._meaning(source, ".".join(names))
        elif is_below:
            yield from self._within([*module, names[0]], names[1:])
        else:
            yield from self._whole(source)

    def _file(self, parts: list[str]) -> Path | None:
        dotted = tuple(parts)
        if dotted not in self._files:
            location = self._root.joinpath(*parts)
            candidates = (location / "__init__.py", location.with_suffix(".py"))
            self._files[dotted] = next((file for file in candidates if file.is_file()), None)
        return self._files[dotted]


def dotted_name(node: ast.AST) -> str:
    """The dotted name that an expression spells, or nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted_name(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _names(node: ast.AST) -> Iterator[str]:
    name = dotted_name(node)
    if name:
        yield name
    else:
        for child in ast.iter_child_nodes(node):
            yield from _names(child)


def _bound_by(statement: ast.stmt) -> Iterable[str]:
    if isinstance(statement, _FUNCTION | ast.ClassDef):
        return [statement.name]
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def _stripped(tree: ast.Module) -> ast.Module:
    """Without docstrings, and annotations of functions."""
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body.pop(0)
        if isinstance(node, _FUNCTION):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return tree


class _Imports(ast.NodeTransformer):
    """Takes imports out of a statement."""

    def visit_Import(self, node: ast.Import) -> None:
        """Drop it."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Drop it."""
