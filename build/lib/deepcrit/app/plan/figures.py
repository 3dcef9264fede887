"""The figures that experiments declare, and what the rule that draws them asks of each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deepcrit.core.digest import code_digest
from deepcrit.core.figures.declared import DeclaredFigure
from deepcrit.experiments import EXPERIMENTS

if TYPE_CHECKING:
    from deepcrit.app.plan.root import Plan

_DECLARED: dict[str, tuple[DeclaredFigure, str]] = {
    figure.name: (figure, experiment)
    for experiment in EXPERIMENTS
    for figure in getattr(import_module(f"deepcrit.experiments.{experiment}"), "FIGURES", ())
}
# by name, which is the order of the report
FIGURES = {name: _DECLARED[name][0] for name in sorted(_DECLARED)}


def paper_of(figure: str) -> str:
    """Paper that a figure is of."""
    return figure.split("_")[0]


def experiment_of(figure: str) -> str:
    """Experiment that declares a figure."""
    return _DECLARED[figure][1]


def drawn_by(figure: str) -> str:
    """The function that draws a figure, as module:function."""
    return f"deepcrit.experiments.{experiment_of(figure)}.figure:{figure}"


PAPERS = sorted(set(map(paper_of, FIGURES)))


class Figures:
    """What is asked of the figure that the wildcard ``figure`` names."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def inputs(self, wildcards: Any) -> dict[str, str | list[str]]:
        """Tables by the argument of the function that draws them, the template of the caption, and claims if shown."""
        figure = FIGURES[wildcards.figure]
        claims = {"claims": f"claims/{paper_of(figure.name)}.yaml"} if figure.published else {}
        tables = {name: f"results/{table}.tsv" for name, table in figure.tables.items()}
        return {**tables, **figure.others(self._plan), **claims, "template": f"report/{figure.name}.md"}

    def parameters(self, wildcards: Any) -> Mapping[str, Any]:
        """What the caption quotes of the configuration."""
        return FIGURES[wildcards.figure].parameters(self._plan)

    def code(self, wildcards: Any) -> str:
        """Digest of the script that draws all figures, and of the function that draws this one."""
        module, function = drawn_by(wildcards.figure).split(":")
        drawing = code_digest(f"{module.replace('.', '/')}.py", function)
        return f"{code_digest('scripts/figures/draw_figure.py')} {drawing}"
