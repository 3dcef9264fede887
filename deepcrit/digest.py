"""Digests of code: what a script's results depend on, so that changed code is run again and nothing else.

Snakemake sees a script's modification time but not the modules it imports. A rule therefore carries, as a parameter,
a digest of the syntax trees of its script and of every deepcrit module the script imports, transitively. Comments,
docstrings and formatting are not part of a syntax tree compared here.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = "deepcrit"
ROOT = Path(__file__).resolve().parent.parent


@cache
def code_digest(script: str | Path) -> str:
    """Digest of a script and of the deepcrit modules it imports, transitively.

    Args:
        script: path of the script, relative to the repository or absolute.

    Raises:
        FileNotFoundError: if there is no such script.
    """
    path = ROOT / script
    digest = hashlib.sha256()
    for source in sorted([path, *module_files(path)]):
        digest.update(source.relative_to(ROOT).as_posix().encode())
        digest.update(_tree_digest(source).encode())
    return digest.hexdigest()[:16]


def module_files(script: Path) -> list[Path]:
    """Files of the deepcrit modules that a script imports, transitively, sorted."""
    seen: set[Path] = set()
    waiting = list(_imports(script))
    while waiting:
        source = waiting.pop()
        if source not in seen:
            seen.add(source)
            waiting.extend(_imports(source))
    return sorted(seen)


def third_party_imports(script: Path) -> set[str]:
    """Top-level names of everything a script imports, itself or through deepcrit."""
    names: set[str] = set()
    for source in [script, *module_files(script)]:
        for node in _parse(source)[1]:
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names.add(node.module.split(".")[0])
    return names - {PACKAGE}


@cache
def _parse(source: Path) -> tuple[ast.Module, list[ast.Import | ast.ImportFrom]]:
    """Syntax tree of a file, docstrings left out, and its imports; every start of Snakemake waits for this."""
    tree = ast.parse(source.read_text(), filename=str(source))
    imports = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            node.body.pop(0)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
    return tree, imports


@cache
def _tree_digest(source: Path) -> str:
    return hashlib.sha256(ast.dump(_parse(source)[0]).encode()).hexdigest()


@cache
def _imports(source: Path) -> tuple[Path, ...]:
    """Files of the deepcrit modules imported directly, package initialisers on the way included."""
    found: set[Path] = set()
    for node in _parse(source)[1]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.update(_files_of(alias.name))
        elif isinstance(node, ast.ImportFrom):
            base = _absolute_name(source, node)
            found.update(_files_of(base))
            for alias in node.names:
                found.update(_files_of(f"{base}.{alias.name}"))
    return tuple(sorted(found))


def _absolute_name(source: Path, node: ast.ImportFrom) -> str:
    if node.level == 0:
        return node.module or ""
    package = source.relative_to(ROOT).with_suffix("").parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def _files_of(name: str) -> list[Path]:
    """Files that importing a dotted name executes; empty for anything that is not part of the package."""
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return []
    files = []
    for length in range(1, len(parts) + 1):
        location = ROOT.joinpath(*parts[:length])
        for candidate in (location / "__init__.py", location.with_suffix(".py")):
            if candidate.is_file():
                files.append(candidate)
    return files
