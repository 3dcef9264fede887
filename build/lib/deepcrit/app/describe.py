"""What the tables hold: the page of documentation on all of them, and the command that shows one."""

from __future__ import annotations

import ast
import difflib
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from deepcrit.core.dependencies import Definition, Library
from deepcrit.core.digest import ROOT
from deepcrit.core.registry import DECLARED_IN, SCHEMAS
from deepcrit.core.schema import Column, Schema
from deepcrit.core.tables import read_provenance

_PAGE = ROOT / "docs" / "tables.md"
_HEADER = """# Tables

Every table that a rule writes below `results/`, made from the schemas by `make docs`; do not edit. `deepcrit describe`
shows one, by its name or by a file: `deepcrit describe landmarks`. A unit of 1 is a pure number. Parquet tables carry
units and meanings in the metadata of their columns.
"""


class DescribeError(ValueError):
    """Nothing that is declared has this name; the message names the nearest."""


class Writer(NamedTuple):
    """A rule that writes a table, and what its script says it does."""

    script: str
    does: str

    @property
    def rule(self) -> str:
        """Its name, which is that of its script."""
        return Path(self.script).stem


@cache
def writers(root: Path) -> dict[str, list[Writer]]:
    """The rules that write each table: those whose scripts name it other than to read it.

    Args:
        root: directory of the Snakefile.
    """
    library = Library(root, "deepcrit")
    found: dict[str, list[Writer]] = {}
    for path in sorted((root / "scripts").glob("*/*.py")):
        script = path.relative_to(root).as_posix()
        does = inspect.cleandoc(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        for table in sorted(set(_written(library, path))):
            found.setdefault(table, []).append(Writer(script, does))
    return found


def describe(name: str, root: Path) -> str:
    """Columns, units and meaning of a table, and the rule that writes it, as text to print.

    Args:
        name: of the table, alone or after its experiment and a slash, or the path of a file of it.
        root: directory of the Snakefile.

    Raises:
        DescribeError: if no table has this name, naming the nearest ones, or a file holds none that is declared.
        TableError: if a file is not whole.
    """
    path = root / name
    tables = _of_file(path) if path.is_file() else [_of_name(name, root)]
    return "\n\n".join(_shown(SCHEMAS[table], root) for table in tables) + "\n"


def tables_page() -> str:
    """The page as Markdown: a section a table, below the experiment or concept that declares it."""
    blocks, room = [_HEADER], ""
    for name, schema in SCHEMAS.items():
        if room != (room := _room(name)):
            page = ROOT / "docs" / "experiments" / f"{room}.md"
            title = f"[{room}](experiments/{room}.md)" if page.is_file() else room
            blocks.append(f"## {title}\n\n{inspect.getdoc(import_module(DECLARED_IN[name]))}\n")
        by = [f"Written by `{writer.rule}`: {writer.does}" for writer in writers(ROOT).get(name, [])]
        rows = (
            f"| `{column.name}` | {_kind(column)} | {column.unit} | {_cell(column.what)} |" for column in schema.columns
        )
        told = "\n\n".join(by) or "Written by no rule: an input."
        blocks.append(
            "\n".join(
                [f"### {name}", "", told, "", "| column | type | unit | what it is |", "|---|---|---|---|", *rows, ""]
            )
        )
    return "\n".join(blocks)


def _written(library: Library, script: Path) -> Iterator[str]:
    source = library.source(script)
    for place, statement in enumerate(source.statements):
        uses = library.uses(Definition(script, place))
        read = {id(node) for call in ast.walk(statement) if _reads(call) for node in ast.walk(call)}
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and id(node) not in read:
                for used in uses.get(node.id, ()):
                    yield from _tables_in(library, used)


def _reads(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("read_")


def _tables_in(library: Library, constant: Definition) -> Iterator[str]:
    """Tables that a constant is, or holds by names."""
    seen, waiting = {constant}, [constant]
    for definition in waiting:
        match library.source(definition.file).statements[definition.place]:
            case ast.Assign(value=ast.Call(func=ast.Name(id="Schema"), args=[ast.Constant(value=str(name)), *_])):
                yield name
            case ast.Assign() | ast.AnnAssign():
                new = {used for meant in library.uses(definition).values() for used in meant} - seen
                seen |= new
                waiting.extend(new)


def _of_file(path: Path) -> list[str]:
    """The declared table that a file holds; several where it is a TSV table and they have the same columns."""
    if path.suffix == ".parquet":
        name = read_provenance(path).get("schema", "")
        if name not in SCHEMAS:
            raise DescribeError(f"{path}: holds no declared table, found schema {name!r}")
        return [name]
    header = path.read_text(encoding="utf-8", errors="replace").split("\n")[0].split("\t")
    alike = [name for name, schema in SCHEMAS.items() if [column.name for column in schema.columns] == header]
    if not alike:
        raise DescribeError(f"{path}: holds no declared table, found columns {header}")
    return [path.stem] if path.stem in alike else alike


def _of_name(name: str, root: Path) -> str:
    known = {table: table for table in SCHEMAS}
    for table in SCHEMAS:
        folders = {Path(writer.script).parent.name for writer in writers(root).get(table, [])}
        known |= {f"{folder}/{table}": table for folder in sorted({_room(table), *folders})}
    asked = name.removeprefix("results/").removesuffix(".tsv").removesuffix(".parquet")
    if asked in known:
        return known[asked]
    alike = [one for one in known if "/" in one and one.endswith(f"/{asked.split('/')[-1]}")]
    nearest = list(dict.fromkeys([*alike, *difflib.get_close_matches(asked, known, n=5)]))
    others = "\n".join(["the nearest are", *(f"  {one}" for one in nearest)]) if nearest else "docs/tables.md lists all"
    raise DescribeError(f"no table is called {name!r}, and no file; {others}")


def _shown(schema: Schema, root: Path) -> str:
    made = [
        f"written by  {writer.rule} ({writer.script}): {writer.does}" for writer in writers(root).get(schema.name, [])
    ]
    rows = [["column", "type", "unit", "what it is"]]
    rows += [[column.name, _kind(column), column.unit, column.what] for column in schema.columns]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    ]
    return "\n".join([f"{_room(schema.name)}/{schema.name}", *(made or ["written by no rule: an input"]), "", *lines])


def _room(table: str) -> str:
    """The folder of the experiment or concept that declares a table."""
    return DECLARED_IN[table].split(".")[-2]


def _kind(column: Column) -> str:
    return f"{column.kind}, may be missing" if column.nullable else column.kind


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    _PAGE.write_text(tables_page(), encoding="utf-8")
