"""Text is UTF-8 wherever it is read or written, so that a locale changes no digest and breaks no caption."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("deepcrit", "scripts", "benchmarks", "examples", "tests", "snakemake_logger_plugin_deepcrit")
# objects whose method open is not that of a path
OTHERS = {"gzip", "Image", "os", "request", "tarfile", "zipfile", "opener", "webbrowser", "bz2", "lzma"}


def without_encoding(source: str) -> list[ast.Call]:
    """Calls that open, read or write text in the encoding of the locale."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call for call in calls if _is_text(call) and "encoding" not in {word.arg for word in call.keywords}]


def _is_text(call: ast.Call) -> bool:
    function, words = call.func, {word.arg: word.value for word in call.keywords}
    if isinstance(function, ast.Name):
        return function.id == "open" and "b" not in _mode(call, 1)
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in ("read_text", "write_text"):
        return len(call.args) < (1 if function.attr == "read_text" else 2)
    if function.attr == "open":
        others = isinstance(function.value, ast.Name) and function.value.id in OTHERS
        # a path takes a mode, an archive the name of a member
        return not others and all(isinstance(one, ast.Constant) for one in call.args[:1]) and "b" not in _mode(call, 0)
    if function.attr == "fdopen":
        return "b" not in _mode(call, 1)
    if function.attr in ("run", "Popen", "check_output"):
        text = words.get("text")
        return isinstance(text, ast.Constant) and text.value is True
    return function.attr in ("NamedTemporaryFile", "TemporaryFile") and "b" not in _mode(call, 0, "b")


def _mode(call: ast.Call, place: int, default: str = "r") -> str:
    given = [word.value for word in call.keywords if word.arg == "mode"] or call.args[place : place + 1]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else default


@pytest.mark.parametrize("folder", FOLDERS)
def test_text_has_an_encoding(folder: str) -> None:
    """No file or process is read or written as text without saying how."""
    assert [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for call in without_encoding(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("open('a')", 1),
        ("open('a', 'rb')", 0),
        ("open('a', encoding='utf-8')", 0),
        ("path.read_text()", 1),
        ("path.write_text('x')", 1),
        ("path.write_text('x', encoding='utf-8')", 0),
        ("path.open()", 1),
        ("path.open('wb')", 0),
        ("gzip.open(path)", 0),
        ("archive.open(member)", 0),
        ("os.fdopen(3, 'w')", 1),
        ("subprocess.run([], text=True)", 1),
        ("subprocess.run([], encoding='utf-8')", 0),
    ],
)
def test_what_is_found(source: str, found: int) -> None:
    """The check sees what it is there for, and leaves bytes alone."""
    assert len(without_encoding(source)) == found
