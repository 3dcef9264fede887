"""Builders of own models, written ``module:function``: found without running them, and called when measured."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_FORM = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


def builder_file(builder: str) -> Path:
    """The source file of a builder, relative to the working directory where it is below it.

    A module of the working directory comes before an installed one, as in the job that imports it, and a package is its
    ``__init__.py``. It is not imported: what it takes to build a network is not needed to check a configuration.

    Raises:
        ValueError: if it is not written module:function, there is no such module, its source cannot be read, or it
            defines no such function. A module that imports * may define anything.
    """
    if not _FORM.fullmatch(builder):
        raise ValueError(f"found {builder!r}, expected module:function, such as examples.digits:build")
    module, function = builder.split(":")
    below = Path(*module.split("."))
    here = [file for file in (below / "__init__.py", below.with_suffix(".py")) if file.is_file()]
    path = here[0] if here else _installed_file(module)
    if path is None:
        raise ValueError(
            f"found {builder!r}, expected a module that exists: there is neither {below}.py nor an installed {module}"
        )
    try:
        defined = set(_defined(ast.parse(path.read_bytes(), filename=str(path))))
    # bytes that are no Python are a ValueError
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"found {builder!r}, expected a module of Python source: {path}: {error}") from error
    if function not in defined and "*" not in defined:
        raise ValueError(f"found {builder!r}, expected a function of {path}, which defines {sorted(defined)}")
    return path


def builder_files(builder: str) -> list[Path]:
    """The source file of a builder and, where that is a package below the working directory, all others in it."""
    path = builder_file(builder)
    if path.name != "__init__.py" or path.is_absolute():
        return [path]
    return sorted(path.parent.rglob("*.py"))


def _installed_file(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        return None
    return Path(spec.origin) if spec is not None and spec.origin is not None else None


def _defined(tree: ast.AST) -> Iterator[str]:
    """Names at the top of a module that may be called, those under a condition included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign):
            if isinstance(node.target, ast.Name) and node.value is not None:
                yield node.target.id
        elif isinstance(node, ast.stmt | ast.ExceptHandler):
            yield from _defined(node)


def builder_function(builder: str) -> Callable[[], Any]:
    """The function itself; modules of the working directory are found as well as installed ones.

    Raises:
        TypeError: if what has its name cannot be called.
    """
    module, function = builder.split(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    found: Any = getattr(importlib.import_module(module), function)
    if not callable(found):
        raise TypeError(f"builder: found {type(found).__name__} {builder}, expected something to call")
    return found
