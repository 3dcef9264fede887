"""Digests of code: what a script's results depend on, so that changed code is run again and nothing else.

Snakemake sees a script's modification time but not the modules it imports. A rule therefore carries, as a parameter, a
digest of the script and of every definition of the library that it uses, directly or not. Comments, docstrings,
annotations and layout are no part of it, nor is what stands beside a definition that is used, nor where it stands.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from deepcrit.core.dependencies import Definition, Library

_PACKAGE = "deepcrit"
ROOT = Path(__file__).resolve().parents[2]


@cache
def library(root: Path) -> Library:
    """The package in a directory, each file of it parsed once."""
    return Library(root, _PACKAGE)


@cache
def code_digest(script: str | Path, definition: str | None = None) -> str:
    """Digest of a script and of the definitions of deepcrit that it uses.

    Args:
        script: path of the script, relative to the repository or absolute.
        definition: name of the one definition in it that is asked for, with what that uses; otherwise the whole script.

    Raises:
        FileNotFoundError: if there is no such script.
        KeyError: if it has no such definition.
    """
    used = library(ROOT).reached(ROOT / script, definition)
    return _digest("\n".join(sorted(map(_told, used))))[:16]


def module_files(script: Path) -> list[Path]:
    """Files of deepcrit with a definition that a script uses, sorted."""
    return sorted({definition.file for definition in library(ROOT).reached(script)} - {script})


def third_party_imports(script: Path) -> set[str]:
    """Top-level names of everything that is imported when a script runs, by itself or through deepcrit."""
    files = [script, *library(ROOT).executed(script)]
    return {name.split(".")[0] for file in files for name in library(ROOT).source(file).imported} - {_PACKAGE}


@cache
def _told(definition: Definition) -> str:
    """A definition, and what each name in it stands for."""
    source = library(ROOT).source(definition.file)
    meant = {
        name: sorted(_text_digest(used) for used in found) for name, found in library(ROOT).uses(definition).items()
    }
    others = {
        name.split(".")[0]: source.imports.get(name.split(".")[0], ())
        for name in source.names(definition.place) - set(meant)
    }
    return _digest(f"{_text(definition)}{sorted(meant.items())}{sorted(others.items())}")


@cache
def _text_digest(definition: Definition) -> str:
    return _digest(_text(definition))


@cache
def _text(definition: Definition) -> str:
    return library(ROOT).source(definition.file).text(definition.place)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
