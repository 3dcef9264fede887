"""The house: concepts know no experiment, experiments know no other's analysis, and no two rooms need each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from deepcrit.core.dependencies import Library

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "deepcrit"
FILES = sorted(path for path in LIBRARY.rglob("*.py"))
CONCEPTS = {"core", "data", "physics", "avalanches", "graphs", "stats", "training", "pretrained"}


def room(file: Path) -> str:
    """The folder of deepcrit that a file is in; an experiment is a room of its own, and so is each part of app."""
    parts = file.relative_to(LIBRARY).with_suffix("").parts
    if parts[-1] == "__init__" and len(parts) <= 2:
        return ""
    return "/".join(parts[: 2 if parts[0] in ("experiments", "app") else 1]) if len(parts) > 1 else ""


def needs() -> dict[tuple[str, str], list[str]]:
    """Rooms that need others, with the files that do; what is imported late, or for its type alone, counts, too."""
    library = Library(ROOT, "deepcrit")
    found: dict[tuple[str, str], list[str]] = {}
    for file in FILES:
        for name in library.source(file).imported:
            for used in set(library.files_behind(name.split("."))):
                if room(used) not in ("", room(file)):
                    found.setdefault((room(file), room(used)), []).append(file.relative_to(ROOT).as_posix())
    return found


NEEDS = needs()


def test_no_two_rooms_need_each_other() -> None:
    """Imports between rooms have no circle: there is an order in which each needs only those before it."""
    rooms = {room(file) for file in FILES} - {""}
    placed: set[str] = set()
    while free := {one for one in rooms - placed if all(b in placed for a, b in NEEDS if a == one)}:
        placed |= free
    assert rooms - placed == set()


def test_concepts_know_no_experiment() -> None:
    """What is shared imports no experiment, no claim, no report, no application."""
    above = {"experiments", "claims", "report", "app"}
    assert {
        edge: files for edge, files in NEEDS.items() if edge[0] in CONCEPTS and edge[1].split("/")[0] in above
    } == {}


def test_a_diagnosis_needs_no_experiment() -> None:
    """It measures any network by what is shared, and knows of the report how pages are made."""
    above = {"experiments", "claims", "app"}
    assert {
        edge: files for edge, files in NEEDS.items() if edge[0] == "diagnosis" and edge[1].split("/")[0] in above
    } == {}


def test_experiments_know_tables_of_others_alone() -> None:
    """An experiment imports of another what its tables are, and no analysis or figure."""
    library = Library(ROOT, "deepcrit")
    for file in FILES:
        if room(file).startswith("experiments/"):
            for name in library.source(file).imported:
                parts = name.split(".")
                if parts[:2] == ["deepcrit", "experiments"] and f"experiments/{parts[2]}" != room(file):
                    assert parts[3] == "schemas", f"{file} imports {name}"


def test_fetching_is_apart_from_reading() -> None:
    """Whoever reads a data set does not import what downloads it."""
    library = Library(ROOT, "deepcrit")
    for name in ("mnist", "idx", "continual_imagenet"):
        executed = library.executed(LIBRARY / "data" / f"{name}.py")
        assert not [file for file in executed if "fetch" in file.parts]


@pytest.mark.parametrize(
    "folder", sorted({file.parent for file in FILES}), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_every_folder_is_a_package(folder: Path) -> None:
    """Each says in a docstring what it is: one that does not would be left out of an installed library."""
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    assert folder == LIBRARY or ast.get_docstring(ast.parse(text))


def test_a_newcomer_finds_the_room() -> None:
    """Few enough rooms to be seen at a glance."""
    assert len([path for path in LIBRARY.iterdir() if not path.name.startswith("__")]) <= 18


# public names that modules share on purpose
ROLES = {
    "COSTS": "what rules cost, entered by each experiment in its cost.py, and collected in app/plan",
    "FIGURES": "figures, declared by each experiment in its package, and collected in app/plan",
    "logger": "logging's own convention: the logger of the module",
}


def defined(statements: list[ast.stmt]) -> set[str]:
    """Public names that statements of a module define; what it imports is defined elsewhere."""
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= {
                node.id
                for target in targets
                for node in ast.walk(target)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
        else:
            for part in ("body", "orelse", "handlers", "finalbody"):
                names |= defined(getattr(statement, part, []))
    return {name for name in names if not name.startswith("_")}


def test_a_public_name_means_one_thing() -> None:
    """Each is defined in one module of the library; others import it, or have names of their own."""
    modules: dict[str, list[str]] = {}
    for file in FILES:
        for name in defined(ast.parse(file.read_text(encoding="utf-8")).body):
            modules.setdefault(name, []).append(file.relative_to(LIBRARY).as_posix())
    assert {name: found for name, found in modules.items() if len(found) > 1 and name not in ROLES} == {}
    assert set(ROLES) <= {name for name, found in modules.items() if len(found) > 1}


def test_definitions_are_seen() -> None:
    """Whatever way a module defines a name, and no name that it only imports or keeps to itself."""
    module = (
        "from a import b\nimport c\nA, B = 1, 2\n_C = 3\nD: int = 4\nx.y = 5\nif b:\n    def e(): f = 1\n"
        "else:\n    class G: h = 1\ntry:\n    I = 1\nexcept c:\n    J = 1\n"
    )
    assert defined(ast.parse(module).body) == {"A", "B", "D", "e", "G", "I", "J"}
