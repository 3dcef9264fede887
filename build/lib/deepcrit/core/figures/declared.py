"""What an experiment says of its figures, without what draws them: light enough for rule files to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple


class DeclaredFigure(NamedTuple):
    """A figure of a paper. The function of its name in the ``figure`` module of the experiment draws it.

    name: paper, underscore, and the name of the figure in it: the target that makes it. Its caption is
        ``report/<name>.md``.
    title: in the report.
    claims: beginnings of the claims that it shows, without the paper.
    tables: experiment/schema of what it is drawn from, by argument of the function that draws it.
    parameters: what the caption quotes besides, from the plan of the whole configuration; the function that draws the
        figure is given those that it takes.
    others: paths of files that are no declared table, by argument, from the plan.
    published: whether the values of claims are drawn beside ours.
    """

    name: str
    title: str
    claims: Sequence[str]
    tables: Mapping[str, str]
    parameters: Callable[[Any], Mapping[str, Any]] = lambda plan: {}
    others: Callable[[Any], Mapping[str, list[str]]] = lambda plan: {}
    published: bool = False
