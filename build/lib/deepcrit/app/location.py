"""Where deepcrit can run: in its repository, at a path that a shell takes for one word, with what its jobs need."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

SPLIT = re.compile(r"[^\w@%+=:,./~-]")


def refusal(root: Path | str) -> str:
    """Why the workflow cannot run from here, in a sentence; empty if it can.

    Args:
        root: directory of the Snakefile.
    """
    for what, path in (("the repository", str(root)), ("the interpreter of Python", sys.executable)):
        if found := SPLIT.search(path):
            return (
                f"{what} is at {path!r}. Snakemake starts scripts through a shell, which does not take {found[0]!r} "
                "as it stands: move it to a path of letters, digits, dots, dashes and underscores."
            )
    if Path.cwd() != Path(root).resolve():
        return (
            f"deepcrit runs in its repository, {root}, where claims, library and results belong together, and not in "
            f"{Path.cwd()}: clone it to where the results are to be, and leave out --directory."
        )
    return ""


def lack_of_torch(rules: Iterable[str]) -> str:
    """Why jobs of rules that need torch cannot run here, in a sentence; empty if they can, or there are none."""
    needing = sorted(set(rules))
    if not needing or all(map(find_spec, ("torch", "torchvision"))):
        return ""
    return (
        f"torch is not installed, and {', '.join(needing)} {'needs' if len(needing) == 1 else 'need'} it: make setup "
        "installs it, or snakemake --sdm conda. make demo makes figures that do without."
    )
