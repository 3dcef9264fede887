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

# the module that draws each figure, by the name of the figure
_DRAWN_BY: dict[str, str] = {}
# by name, which is the order of the report
FIGURES: dict[str, DeclaredFigure] = {}
for _experiment in EXPERIMENTS:
    for _figure in import_module(f"deepcrit.experiments.{_experiment}").FIGURES:
        FIGURES[_figure.name] = _figure
        _DRAWN_BY[_figure.name] = f"deepcrit.experiments.{_experiment}.figure"
FIGURES = dict(sorted(FIGURES.items()))


def paper_of(figure: str) -> str:
    """Paper that a figure is of."""
    return figure.split("_")[0]


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

    def drawn_by(self, wildcards: Any) -> str:
        """The function that draws it, as module:function."""
        return f"{_DRAWN_BY[wildcards.figure]}:{wildcards.figure}"

    def code(self, wildcards: Any) -> str:
        """Digest of the script that draws all figures, and of the function that draws this one."""
        module, function = self.drawn_by(wildcards).split(":")
        drawing = code_digest(f"{module.replace('.', '/')}.py", function)
        return f"{code_digest('scripts/figures/draw_figure.py')} {drawing}"
