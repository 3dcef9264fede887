"""One folder an experiment: configuration, plan, tables, analysis, and figures with what draws them."""

import inspect
from importlib import import_module
from pathlib import Path

EXPERIMENTS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__init__.py"))


def about(experiment: str) -> str:
    """What an experiment says of itself: the first paragraph of its package, on one line."""
    text = inspect.cleandoc(str(import_module(f"{__name__}.{experiment}").__doc__))
    return " ".join(text.split("\n\n")[0].split())
