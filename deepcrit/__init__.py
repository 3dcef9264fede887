"""Criticality in deep networks: physics and statistics, experiments that use them, and the workflow around both.

What `import deepcrit` offers stands in `__init__.pyi` beside this file, where type checkers read it, too, and is
imported when it is asked for. It is for users alone: the library and its scripts import names from where they are
defined, to which the digests of jobs follow them.
"""

from functools import cache


@cache
def _public() -> dict[str, tuple[str, str]]:
    """Module and name there of each public name."""
    import ast
    from pathlib import Path

    tree = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: (node.module or "", alias.name) for node in imports for alias in node.names}


def __getattr__(name: str) -> object:
    """Import a public name (PEP 562)."""
    if name == "__all__":
        return [*_public(), "__version__"]
    if name == "__version__":
        from importlib.metadata import version

        return version("deepcrit")
    if name.startswith("_") or name not in _public():
        raise AttributeError(f"module 'deepcrit' has no attribute {name!r}")
    module, there = _public()[name]
    # as the statement does, which imports a module of a package, too
    found = globals()[name] = getattr(__import__(module, fromlist=[there]), there)
    return found


def __dir__() -> list[str]:
    """Public names, imported or not."""
    return sorted({*globals(), *_public(), "__all__", "__version__"})
